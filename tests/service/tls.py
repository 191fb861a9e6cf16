#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The program over TLS, as openssl's s_client, Python's ssl and Prometheus see it.

    tls.py EXPORTER
"""

import array
import contextlib
import http.client
import itertools
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "lab")]
from abuse.names import Exporter, Host  # pylint: disable=wrong-import-position
from prometheus import Prometheus  # pylint: disable=wrong-import-position
from support import certificates  # pylint: disable=wrong-import-position

EXPORTER = sys.argv.pop(1)
PATIENCE = 30.0
USERS = 'basic_auth_users:\n  prometheus: "$2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u"\n'  # by crypt(3), of "secret"
STACK_KIB = 256  # of a thread that serves: cmake/civetweb.cmake
GET = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Server:
    """An exporter with a web configuration."""

    def __init__(self, tls="", rest="", identity=None):
        self.web = certificates.web_config(HOST.root, identity or SERVER, tls, rest)
        self.flags = [f"--web.config.file={self.web}", "--log.level=debug"]

    def __enter__(self):
        self.exporter = Exporter(EXPORTER, HOST, *self.flags)
        self.port = self.exporter.port
        return self

    def __exit__(self, *_):
        self.exporter.__exit__()

    def s_client(self, *options):
        """Asks for the health by openssl's client. Returns what it prints."""
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-CAfile", AUTHORITY.own.cert, "-verify_return_error", "-ign_eof",
                   *options]
        run = subprocess.run(command, input=GET, capture_output=True, timeout=PATIENCE, check=False)
        return run.stdout.decode(errors="replace") + run.stderr.decode(errors="replace")

    def serves(self, *options):
        return "\nHTTP/1.1 200 OK" in self.s_client(*options).replace("\r", "")

    def ask(self, path="/metrics"):
        context = ssl.create_default_context(cafile=AUTHORITY.own.cert)
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=context)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def healthcheck(self):
        command = [EXPORTER, "--healthcheck", f"--web.listen-address=127.0.0.1:{self.port}", *self.flags]
        return subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False).returncode


def presented(identity):
    return ["-cert", identity.cert, "-key", identity.key]


class Handshakes(unittest.TestCase):
    def test_versions_are_those_between_the_bounds(self):
        for bounds, served in (("", {"tls1_2", "tls1_3"}), ("min_version: TLS13", {"tls1_3"}), ("max_version: TLS12", {"tls1_2"}),
                               ("min_version: TLS10\nmax_version: TLS11", {"tls1", "tls1_1"})):
            with self.subTest(bounds), Server(bounds) as server:
                for version in ("tls1", "tls1_1", "tls1_2", "tls1_3"):
                    self.assertEqual(server.serves(f"-{version}", "-cipher", "ALL:@SECLEVEL=0"), version in served, version)

    def test_ciphers_and_curves_are_those_of_the_lists(self):
        with Server("cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\ncurve_preferences: [CurveP384, X25519]") as server:
            self.assertFalse(server.serves("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"))
            text = server.s_client("-tls1_2", "-cipher", "ALL")
            self.assertIn("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384", text)
            self.assertRegex(text, "(Server|Peer) Temp Key: ECDH, secp384r1")
            self.assertFalse(server.serves("-tls1_3", "-curves", "P-521"))
            self.assertRegex(server.s_client("-tls1_3", "-curves", "X25519"), "(Server|Peer) Temp Key: X25519")

    def test_there_is_no_resumption_renegotiation_or_compression(self):
        with Server() as server:
            for version in ("-tls1_2", "-tls1_3"):
                text = server.s_client(version)
                self.assertNotIn("New Session Ticket", text)
                self.assertNotIn("TLS session ticket", text)
                self.assertIn("Compression: NONE", text)
                self.assertIn("Verify return code: 0 (ok)", text)

    def test_client_policies(self):
        """Each with no certificate, one that the authority signed, and one of somebody else; and what --healthcheck says."""
        others = certificates.Authority(HOST.root, "other-authority").issue("other", "DNS:prometheus.example")
        rows = (("NoClientCert", (True, True, True)), ("RequestClientCert", (True, True, True)), ("RequireAnyClientCert", (False, True, True)),
                ("VerifyClientCertIfGiven", (True, True, False)), ("RequireAndVerifyClientCert", (False, True, False)))
        for policy, served in rows:
            authority = "" if policy == "NoClientCert" else f"\nclient_ca_file: {AUTHORITY.own.cert}"
            with self.subTest(policy), Server(f"client_auth_type: {policy}{authority}") as server:
                for version in ("-tls1_2", "-tls1_3"):
                    answers = server.serves(version), server.serves(version, *presented(CLIENT)), server.serves(version, *presented(others))
                    self.assertEqual(answers, served, version)
                self.assertEqual(server.healthcheck(), 0)

    def test_allowed_names(self):
        with Server(f"client_auth_type: RequireAndVerifyClientCert\nclient_ca_file: {AUTHORITY.own.cert}\n"
                    "client_allowed_sans: [prometheus.example]") as server:
            self.assertTrue(server.serves(*presented(CLIENT)))
            self.assertFalse(server.serves(*presented(AUTHORITY.issue("stranger", "DNS:stranger.example"))))
            deadline = time.monotonic() + PATIENCE
            while not (failures := [line for line in server.exporter.log if line["msg"] == "TLS handshake failed"]):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            line = failures[0]
            self.assertEqual(line["client"], "127.0.0.1")
            self.assertIn("none of its names is allowed: stranger.example", line["problem"])

    def test_failures_are_counted(self):
        with Server() as server:
            for text in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01"):
                with socket.create_connection(("127.0.0.1", server.port)) as connection:
                    connection.settimeout(PATIENCE)
                    connection.sendall(text)
                    # The server may have closed the connection already, and with it reset what it has not read.
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_WR)
                    with contextlib.suppress(ConnectionResetError):
                        self.assertNotIn(b"HTTP", connection.recv(100))
            deadline = time.monotonic() + PATIENCE
            while "\ncgroup_exporter_tls_handshake_errors_total 2\n" not in server.ask()[1]:
                self.assertLess(time.monotonic(), deadline)

    def test_the_stacks_of_threads_suffice(self):
        """The worst handshake: a chain of the client's is verified, over TLS 1.2 and 1.3; then a scrape."""
        with Server(f"client_auth_type: RequireAndVerifyClientCert\nclient_ca_file: {AUTHORITY.own.cert}") as server:
            for version in ("-tls1_2", "-tls1_3"):
                self.assertTrue(server.serves(version, *presented(CLIENT)))
            context = certificates.trusting_client()
            context.load_cert_chain(*CLIENT)
            for path in ("/metrics", "/"):
                connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=PATIENCE, context=context)
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                self.assertEqual(connection.getresponse().status, 200)
                connection.close()
            pid = server.exporter.process.pid
            if has_sanitizer(pid):
                return  # stacks are larger there
            used = max(stacks_of(pid))
            print(f"the largest stack of a thread that serves: {used} KiB of {STACK_KIB}")
            self.assertLess(used, 0.75 * STACK_KIB)


class RealPrometheus(unittest.TestCase):
    def test_scrapes_with_a_certificate_and_a_password(self):
        """One job has what it needs; each other job lacks one thing, which its target's error names."""
        proof = {"ca_file": str(AUTHORITY.own.cert), "cert_file": str(CLIENT.cert), "key_file": str(CLIENT.key)}
        secret, user = {"username": "prometheus", "password": "secret"}, "prometheus"
        stranger = certificates.Authority(HOST.root, "a-strange-authority").issue("a-stranger", "DNS:prometheus.example")
        # A client of TLS 1.3 asks before the server looked at its certificate: its error is then that of a closed connection, or the server's.
        early = {"max_version": "TLS12"}
        jobs = {
            "right": ({"scheme": "https", "tls_config": proof, "basic_auth": secret}, ""),
            "without a password": ({"scheme": "https", "tls_config": proof}, "401"),
            "wrong password": ({"scheme": "https", "tls_config": proof, "basic_auth": {"username": user, "password": "Secret"}}, "401"),
            "without a certificate": ({"scheme": "https", "tls_config": {"ca_file": proof["ca_file"], **early}, "basic_auth": secret}, "tls: "),
            "strange certificate": ({"scheme": "https", "basic_auth": secret,
                                     "tls_config": {**proof, **early, "cert_file": str(stranger.cert), "key_file": str(stranger.key)}}, "tls: "),
            "strange certificate over TLS 1.3": ({"scheme": "https", "basic_auth": secret,
                                                  "tls_config": {**proof, "cert_file": str(stranger.cert), "key_file": str(stranger.key)}}, ": "),
            "trusts nobody": ({"scheme": "https", "basic_auth": secret, "tls_config": {**proof, "ca_file": str(stranger.cert)}}, "x509: "),
            "without TLS": ({"basic_auth": secret}, "EOF"),
        }
        policy = f"client_auth_type: RequireAndVerifyClientCert\nclient_ca_file: {AUTHORITY.own.cert}\nclient_allowed_sans: [prometheus.example]"
        with Server(policy, USERS) as server, tempfile.TemporaryDirectory() as directory:
            configs = {name: needs for name, (needs, _) in jobs.items()}
            with Prometheus(server.port, pathlib.Path(directory), 120, interval=5, jobs=configs) as prometheus:
                targets = self.scraped_targets(prometheus, len(jobs))
                for name, (_, problem) in jobs.items():
                    with self.subTest(name):
                        self.assertIn(problem, targets[name]["lastError"])
                        self.assertEqual(targets[name]["health"], "down" if problem else "up", targets[name]["lastError"])
                (row,) = prometheus.query('cgroup_memory_usage_bytes{cgroup="/a"}')
                self.assertEqual(row[0]["job"], "right")

    def scraped_targets(self, prometheus, count):
        """Each job's target, as soon as all were scraped."""
        deadline = time.monotonic() + PATIENCE
        while True:
            targets = {target["labels"]["job"]: target for target in prometheus.get("targets", state="active")["activeTargets"]}
            if len(targets) == count and all(target["health"] != "unknown" for target in targets.values()):
                return targets
            self.assertLess(time.monotonic(), deadline, targets)
            time.sleep(0.2)


def has_sanitizer(pid):
    """ASan and TSan map terabytes for what they know of each byte."""
    (size,) = re.findall(r"^VmSize:\s+(\d+) kB$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(size) > 1 << 30


def stacks_of(pid):
    """KiB that were touched of each stack. It is a mapping of its own, or from glibc 2.42 on what is between guard pages of one."""
    text = pathlib.Path(f"/proc/{pid}/smaps").read_text()
    mapping = r"^([0-9a-f]+)-[0-9a-f]+ .*\nSize:\s+(\d+) kB\n(?:.*\n)*?Rss:\s+(\d+) kB\n(?:.*\n)*?VmFlags: (.*)"
    for begin, size, rss, flags in re.findall(mapping, text, re.MULTILINE):
        if "gu" in flags.split():
            yield from stacks_between_guards(pid, int(begin, 16), int(size))
        elif int(size) == STACK_KIB:
            yield int(rss)


def stacks_between_guards(pid, begin, kib):
    page = os.sysconf("SC_PAGESIZE")
    with open(f"/proc/{pid}/pagemap", "rb") as pagemap:
        pagemap.seek(begin // page * 8)
        entries = array.array("Q", pagemap.read(kib * 1024 // page * 8))
    for is_guard, pages in itertools.groupby(entries, lambda entry: entry >> 58 & 1):
        is_touched = [entry >> 63 for entry in pages]
        if not is_guard and len(is_touched) * page == STACK_KIB * 1024:
            yield sum(is_touched) * page // 1024


if __name__ == "__main__":
    with Host() as HOST:
        AUTHORITY = certificates.Authority(HOST.root)
        SERVER = AUTHORITY.issue("server")
        CLIENT = AUTHORITY.issue("client", "DNS:prometheus.example")
        HOST.make("a")
        unittest.main()
