# SPDX-License-Identifier: Apache-2.0
"""A root directory in which the program in one file is started, with a made-up host and what TLS needs."""

import http.client
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import time

PATIENCE = 60.0
HOST = {
    "host/cgroup/cgroup.controllers": "memory\n", "host/cgroup/a/memory.current": "10\n", "host/proc/meminfo": "MemTotal: 1024 kB\n",
    "host/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/editor.service/memory.current": "20\n",
    "host/etc/passwd": "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n",
    "etc/hosts": "127.0.0.1 localhost\n",
    "web.yaml": "tls_server_config:\n  cert_file: /server.crt\n  key_file: /server.key\n",
}
OF_A = r'cgroup_memory_usage_bytes\{cgroup="/a"\} 10\n'
OF_ADA = r'cgroup_memory_usage_bytes\{cgroup="/user.slice/[^}]*editor.service",user="ada"[^}]*\} 20\n'


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def flags(root, rootfs=None):
    """Of an exporter of the made-up host below `root`; users are those of `rootfs`, or else of that host."""
    host = f"{root}/host"
    return [f"--path.cgroupfs={host}/cgroup", f"--path.procfs={host}/proc", f"--path.sysfs={host}", f"--path.rootfs={rootfs or host}", "--path.kmsg=", "--oom.state-file="]


class StaticRoot:
    """`directory` is empty, or the root of a distribution. Who is not root has it as his root in a user namespace."""

    def __init__(self, directory, program):
        self.path = pathlib.Path(directory)
        for name, text in HOST.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(text)
        (self.path / "proc").mkdir(exist_ok=True)
        shutil.copy(program, self.path / "cgroup2_exporter")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-addext", "keyUsage=digitalSignature,keyCertSign", "-keyout", self.path / "server.key", "-out", self.path / "server.crt"],
                       check=True, capture_output=True)

    def context(self):
        """With which a client trusts the certificate."""
        return ssl.create_default_context(cafile=self.path / "server.crt")

    def command(self, *words):
        mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
        inside = 'mount --rbind /proc "$0/proc" && exec chroot "$0" /cgroup2_exporter "$@"'
        return ["unshare", "--mount", *mapped, "sh", "-c", inside, str(self.path), *words]


def get(host, port, path, context):
    connection = http.client.HTTPSConnection(host, port, context=context) if context else http.client.HTTPConnection(host, port)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def serve(command, host, context=None, ask=lambda port: None):
    """Seconds until the first answer, the answer, and what `ask` returns of its port; the exporter listens on a free port of the loopback interface."""
    port = free_port()
    begin = time.monotonic()
    with subprocess.Popen([*command, f"--web.listen-address={host}:{port}"], stderr=subprocess.PIPE, text=True) as exporter:
        try:
            while True:
                try:
                    text = get(host, port, "/metrics", context)
                    return time.monotonic() - begin, text, ask(port)
                except ConnectionError as problem:
                    if exporter.poll() is not None:
                        raise AssertionError(exporter.stderr.read()) from problem
                    if time.monotonic() - begin > PATIENCE:
                        raise
                    time.sleep(0.002)
        finally:
            exporter.terminate()
            exporter.communicate()
