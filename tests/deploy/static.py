#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""static.py STATIC DYNAMIC: the program in one file, in a root that has nothing else but /proc and what it reads."""

import http.client
import os
import pathlib
import re
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

STATIC, DYNAMIC = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
PATIENCE = 60.0
LARGEST = 16 << 20
HOST = {
    "host/cgroup/cgroup.controllers": "memory\n", "host/cgroup/a/memory.current": "10\n", "host/proc/meminfo": "MemTotal: 1024 kB\n",
    "host/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/editor.service/memory.current": "20\n",
    "host/etc/passwd": "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n",
    "etc/hosts": "127.0.0.1 localhost\n",
    "web.yaml": "tls_server_config:\n  cert_file: /server.crt\n  key_file: /server.key\n",
}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def readelf(*words):
    return subprocess.run(["readelf", "--wide", *words, STATIC], stdout=subprocess.PIPE, text=True, check=True).stdout


class EmptyRoot:
    """A directory with the program, a made-up host and what TLS needs. Who is not root has it as his root in a user namespace."""

    def __init__(self, directory):
        self.path = pathlib.Path(directory)
        for name, text in HOST.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(text)
        (self.path / "proc").mkdir()
        shutil.copy(STATIC, self.path / "cgroup2_exporter")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", self.path / "server.key", "-out", self.path / "server.crt"],
                       check=True, capture_output=True)

    def command(self, *words):
        mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
        inside = 'mount --rbind /proc "$0/proc" && exec chroot "$0" /cgroup2_exporter "$@"'
        return ["unshare", "--mount", *mapped, "sh", "-c", inside, str(self.path), *words]


def flags(root):
    host = f"{root}/host"
    return [f"--path.cgroupfs={host}/cgroup", f"--path.procfs={host}/proc", f"--path.sysfs={host}", f"--path.rootfs={host}", "--path.kmsg=", "--oom.state-file="]


class StaticTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        cls.addClassCleanup(directory.cleanup)
        cls.root = EmptyRoot(directory.name)

    def serve(self, command, host, context=None):
        """Seconds until the first answer, and the answer; the exporter listens on a free port of the loopback interface."""
        port = free_port()
        begin = time.monotonic()
        with subprocess.Popen([*command, f"--web.listen-address={host}:{port}"], stderr=subprocess.PIPE, text=True) as exporter:
            try:
                while True:
                    connection = http.client.HTTPSConnection(host, port, context=context) if context else http.client.HTTPConnection(host, port)
                    try:
                        connection.request("GET", "/metrics")
                        text = connection.getresponse().read().decode()
                        seconds = time.monotonic() - begin
                        healthy = subprocess.run(self.root.command("--healthcheck", f"--web.listen-address={host}:{port}", *(["--web.config.file=/web.yaml"] if context else [])),
                                                 capture_output=True, text=True, check=False, timeout=PATIENCE)
                        return seconds, text, healthy
                    except ConnectionError:
                        self.assertIsNone(exporter.poll(), exporter.stderr.read() if exporter.poll() is not None else "")
                        self.assertLess(time.monotonic() - begin, PATIENCE)
                        time.sleep(0.002)
                    finally:
                        connection.close()
            finally:
                exporter.terminate()
                exporter.communicate()

    def test_it_needs_no_loader_and_no_library(self):
        self.assertNotRegex(readelf("--segments"), "INTERP")
        self.assertNotRegex(readelf("--dynamic"), r"\((NEEDED|RPATH|RUNPATH|TEXTREL)\)")

    def test_it_is_protected_as_the_other_one(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN")
        self.assertRegex(readelf("--segments"), r"\n +GNU_RELRO ")
        self.assertRegex(readelf("--segments"), r"GNU_STACK .* RW  ")

    def test_it_is_small(self):
        stripped = self.root.path / "stripped"
        subprocess.run(["strip", "-o", stripped, STATIC], check=True)
        size = stripped.stat().st_size
        stripped.unlink()
        print(f"    {size / 1e6:.1f} MB", flush=True)
        self.assertLess(size, LARGEST)

    def test_it_serves_over_tls_with_names_of_users(self):
        context = ssl.create_default_context(cafile=self.root.path / "server.crt")
        _, text, healthy = self.serve(self.root.command(*flags(""), "--web.config.file=/web.yaml"), "localhost", context)
        self.assertRegex(text, r'cgroup_memory_usage_bytes\{cgroup="/a"\} 10\n')
        self.assertRegex(text, r'cgroup_memory_usage_bytes\{cgroup="/user.slice/[^}]*editor.service",user="ada"[^}]*\} 20\n')
        self.assertEqual((healthy.returncode, healthy.stderr), (0, ""))

    def test_it_starts_as_fast_and_gives_up_the_same_rights(self):
        sandbox = lambda text: dict(re.findall(r'^cgroup_exporter_sandbox\{(layer="\w+",thread="(?:poller|http)")\} (\d)$', text, re.MULTILINE))
        of_static, text, _ = self.serve([str(STATIC), *flags(str(self.root.path))], "127.0.0.1")
        of_dynamic, other_text, _ = self.serve([str(DYNAMIC), *flags(str(self.root.path))], "127.0.0.1")
        print(f"    first answer after {of_static * 1e3:.0f} ms, of the program with libraries {of_dynamic * 1e3:.0f} ms", flush=True)
        self.assertEqual(len(sandbox(text)), 6)
        self.assertEqual(sandbox(text), sandbox(other_text))

    def test_what_prevents_the_start_is_one_line(self):
        done = subprocess.run(self.root.command(*flags(""), "--web.listen-address=no.such.host.invalid:1"), capture_output=True, text=True, check=False, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main()
