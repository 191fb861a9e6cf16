#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The running exporter with a web configuration: users, headers, a rate limit, and what changes without a restart.

    web.py EXPORTER
"""

import base64
import pathlib
import re
import subprocess
import tempfile
import time
import unittest

from run import EXPORTER, PATIENCE, Exporter

# By crypt(3), of "secret" with cost 10 and of "" with cost 4.
OF_SECRET = "$2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u"
OF_NOTHING = "$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq"
RELOADED, NOT_RELOADED = "web configuration reloaded", "web configuration not reloaded, the old one stays in effect"


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class WebExporter(Exporter):
    """An exporter with a web configuration, which write_web() replaces as an editor does."""

    def __init__(self, web, *flags):
        self.web = tempfile.TemporaryDirectory()
        self.file = pathlib.Path(self.web.name) / "web.yml"
        self.write_web(web)
        super().__init__(f"--web.config.file={self.file}", "--log.level=debug", *flags)

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self.web.cleanup()

    def write_web(self, text):
        new = self.file.with_suffix(".new")
        new.write_text(text)
        new.rename(self.file)

    def status(self, path="/metrics", **headers):
        return self.ask(path, **headers)[0].status


class Users(unittest.TestCase):
    def test_every_path_wants_a_password(self):
        with WebExporter(f"basic_auth_users: {{alice: {OF_SECRET}}}\n") as exporter:
            for path in ("/metrics", "/", "/cgroup?path=/a", "/-/healthy", "/-/ready", "/-/reload", "/nothing"):
                response, body = exporter.ask(path)
                self.assertEqual((response.status, body, response.headers["WWW-Authenticate"]), (401, b"Unauthorized\n", "Basic"), path)
            alice = basic("alice", "secret")
            for path, status in (("/metrics", 200), ("/-/healthy", 200), ("/nothing", 404)):
                self.assertEqual(exporter.status(path, **alice), status, path)
            for wrong in (basic("alice", "Secret"), basic("alice", "secret\0"), basic("mallory", "secret"), basic("", ""),
                          {"Authorization": "Basic c2VjcmV0"}, {"Authorization": "Bearer secret"}):
                self.assertEqual(exporter.status(**wrong), 401, wrong)
            self.assertEqual(exporter.status(**alice), 200)
            for line in exporter.lines:
                self.assertNotIn("secret", line.lower())
                self.assertNotIn(alice["Authorization"].split()[1], line)

    def test_users_change_without_a_restart(self):
        with WebExporter(f"basic_auth_users: {{alice: {OF_SECRET}}}\n") as exporter:
            self.assertEqual(exporter.status(**basic("alice", "secret")), 200)
            exporter.write_web(f"basic_auth_users: {{bob: {OF_NOTHING}}}\n")
            exporter.wait_for_log(RELOADED)
            self.assertEqual(exporter.status(**basic("bob", "")), 200)
            self.assertEqual(exporter.status(**basic("alice", "secret")), 401)
            exporter.write_web("")
            line = exporter.wait_for_log(NOT_RELOADED)
            self.assertEqual(line["problem"], f"{exporter.file}: basic_auth_users: authentication is switched off only by a restart")
            self.assertEqual(exporter.status(), 401)

    def test_a_user_that_does_not_exist_takes_as_long(self):
        with WebExporter(f"basic_auth_users: {{alice: {OF_SECRET}}}\n") as exporter:
            def seconds(user, number):
                time.sleep(1)  # the longest pause after a wrong password
                begin = time.monotonic()
                self.assertEqual(exporter.status(**basic(user, f"wrong{number}")), 401)
                return time.monotonic() - begin

            pairs = [(seconds("alice", number), seconds("mallory", number)) for number in range(5)]
            known, unknown = map(min, zip(*pairs))
        print(f"a wrong password takes {known * 1000:.0f} ms for a user and {unknown * 1000:.0f} ms for nobody")
        self.assertLess(max(known, unknown) / min(known, unknown), 3, "without a comparison it is a hundredth")


class Reloads(unittest.TestCase):
    def test_a_wrong_file_leaves_the_last_good_one(self):
        with WebExporter("http_server_config: {headers: {X-Frame-Options: deny}}\n") as exporter:
            exporter.write_web("http_server_config: {headers: {X-Frame-Options: never}}\nnonsense: 1\n")
            line = exporter.wait_for_log(NOT_RELOADED)
            self.assertEqual(line["problem"], f'{exporter.file}:1:49: http_server_config.headers.X-Frame-Options: "never" is not one of deny, sameorigin')
            self.assertEqual(line["problems"], "2")
            response, body = exporter.ask("/metrics")
            self.assertEqual(response.headers["X-Frame-Options"], "deny")
            self.assertIn(b"\ncgroup_exporter_web_config_last_reload_successful 0\n", body)
            self.assertIn(b"\ncgroup_exporter_web_config_reload_failures_total 1\n", body)
            exporter.write_web("http_server_config: {headers: {X-Frame-Options: sameorigin}}\n")
            exporter.wait_for_log(RELOADED)
            response, body = exporter.ask("/metrics")
            self.assertEqual(response.headers["X-Frame-Options"], "sameorigin")
            self.assertIn(b"\ncgroup_exporter_web_config_last_reload_successful 1\n", body)

    def test_the_configuration_and_the_web_configuration_are_reloaded_at_once(self):
        with WebExporter("{}\n", "--web.enable-lifecycle") as exporter:
            exporter.write_web("http_server_config: {headers: {X-XSS-Protection: 0}}\n")
            self.assertEqual(exporter.ask("/-/reload", "POST")[0].status, 200)
            self.assertEqual(exporter.ask("/nothing")[0].headers["X-XSS-Protection"], "0")
            self.assertIn("cgroup_exporter_config_last_reload_successful 1\n", exporter.metrics())


class RateLimit(unittest.TestCase):
    def test_a_bucket_for_all_clients(self):
        with WebExporter("rate_limit: {interval: 1h, burst: 3}\nhttp_server_config: {headers: {X-Frame-Options: deny}}\n") as exporter:
            self.assertEqual([exporter.status("/-/healthy") for _ in range(3)], [200, 200, 200])
            response, body = exporter.ask("/-/healthy")
            self.assertEqual((response.status, body, response.headers["Retry-After"], response.headers["X-Frame-Options"]),
                             (429, b"Too Many Requests\n", "3600", None))
            exporter.write_web("")
            exporter.wait_for_log(RELOADED)
            self.assertEqual(exporter.status("/-/healthy"), 200)


def make_certificate(directory):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-keyout", directory / "server.key", "-out", directory / "server.crt"], check=True, capture_output=True)
    (directory / "clients.crt").write_bytes((directory / "server.crt").read_bytes())
    (directory / "empty").touch()


PAIR = "cert_file: server.crt, key_file: server.key"

# Whether Prometheus' own reader takes the file too; a word of the problem for what is refused. What differs on purpose is in
# docs/configuration.md.
FILES = [
    ("", None),
    ("{}\n", None),
    (f"tls_server_config: {{{PAIR}}}\n", None),
    (f"tls_server_config: {{{PAIR}, min_version: TLS10, max_version: TLS12}}\n", None),
    (f"tls_server_config: {{{PAIR}, prefer_server_cipher_suites: no}}\n", None),
    (f"tls_server_config: {{{PAIR}, client_ca_file: clients.crt, client_auth_type: RequireAndVerifyClientCert}}\n", None),
    (f"tls_server_config: {{{PAIR}, client_auth_type: RequireClientCert}}\n", None),
    (f"tls_server_config: {{{PAIR}, client_auth_type: RequestClientCert}}\n", None),
    (f"tls_server_config: {{{PAIR}, curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]}}\n", None),
    (f"tls_server_config: {{{PAIR}, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]}}\n", None),
    ("tls_server_config: {min_version: TLS13}\n", None),
    ("http_server_config: {http2: false}\n", None),
    ("http_server_config: {headers: {X-XSS-Protection: 1, X-Frame-Options: deny, X-Content-Type-Options: nosniff}}\n", None),
    ("http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=1\n    Content-Security-Policy: |\n      a;\n      b\n", None),
    (f"basic_auth_users: {{alice: {OF_SECRET}, 1: {OF_NOTHING}}}\n", None),
    ("nonsense\n", "must be a map"),
    ("tls_confg: {}\n", "tls_confg"),
    (f"tls_server_config: {{{PAIR}, cert_fil: x}}\n", "cert_fil"),
    ("tls_server_config: {cert_file: server.crt}\n", "key_file"),
    ("tls_server_config: {key_file: server.key}\n", "cert_file"),
    ("tls_server_config: {cert_file: empty, key_file: server.key}\n", "cert_file"),
    ("tls_server_config: {cert_file: server.crt, key_file: empty}\n", "key_file"),
    ("tls_server_config: {cert_file: missing, key_file: server.key}\n", "cert_file"),
    ("tls_server_config: {cert_file: server.crt, key_file: missing}\n", "key_file"),
    ("tls_server_config: {cert_file: server.key, key_file: server.crt}\n", "cert"),
    (f"tls_server_config: {{{PAIR}, client_ca_file: clients.crt}}\n", "client_ca_file"),
    (f"tls_server_config: {{{PAIR}, client_ca_file: missing, client_auth_type: RequestClientCert}}\n", "client_ca_file"),
    ("tls_server_config: {client_ca_file: clients.crt, client_auth_type: RequestClientCert}\n", "cert_file"),
    (f"tls_server_config: {{{PAIR}, client_auth_type: Maybe}}\n", "client_auth_type"),
    (f"tls_server_config: {{{PAIR}, cipher_suites: [TLS_INVENTED]}}\n", "cipher_suites"),
    (f"tls_server_config: {{{PAIR}, curve_preferences: [CurveP257]}}\n", "curve_preferences"),
    (f"tls_server_config: {{{PAIR}, min_version: TLS14}}\n", "min_version"),
    (f"tls_server_config: {{{PAIR}, prefer_server_cipher_suites: maybe}}\n", "prefer_server_cipher_suites"),
    ("http_server_config: {headers: {Server: x}}\n", "Server"),
    ("http_server_config: {headers: {X-Frame-Options: never}}\n", "X-Frame-Options"),
    ("http_server_config: {headers: {X-Content-Type-Options: ''}}\n", "X-Content-Type-Options"),
    ("basic_auth_users: {alice: secret}\n", "alice"),
    ("basic_auth_users: {alice: a, alice: b}\n", "alice"),
]


class Checking(unittest.TestCase):
    def check(self, file):
        return subprocess.run([EXPORTER, "--config.check", f"--web.config.file={file}"], capture_output=True, text=True, timeout=PATIENCE, check=False)

    def test_what_prometheus_refuses_is_refused_and_what_it_takes_is_taken(self):
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            make_certificate(directory)
            file = directory / "web.yml"
            for text, word in FILES:
                with self.subTest(text):
                    file.write_text(text)
                    theirs = subprocess.run(["promtool", "check", "web-config", file], capture_output=True, text=True, check=False)
                    ours = self.check(file)
                    self.assertEqual(ours.returncode, 0 if word is None else 1, ours.stderr)
                    self.assertEqual(theirs.returncode, ours.returncode, (theirs.stderr, ours.stderr))
                    if word:
                        self.assertTrue(all(line.startswith(f"cgroup2_exporter: {file}:") for line in ours.stderr.splitlines()), ours.stderr)
                        self.assertIn(word, ours.stderr)

    def test_the_example_of_the_documents_is_right(self):
        text = (pathlib.Path(__file__).resolve().parents[2] / "docs/configuration.md").read_text()
        example = re.search(r"```yaml\n(tls_server_config:.*?)```", text, re.DOTALL).group(1).replace("$2y$10$...", OF_SECRET)
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            make_certificate(directory)
            file = directory / "web.yml"
            file.write_text(example)
            self.assertEqual(self.check(file).stderr, "")
            file.write_text(re.sub(r"rate_limit:\n(  .*\n)*|.*client_allowed_sans.*\n", "", example))  # that Debian 12's promtool does not know
            check = subprocess.run(["promtool", "check", "web-config", file], capture_output=True, text=True, check=False)
            self.assertEqual(check.returncode, 0, check.stderr)

    def test_all_problems_come_at_once_and_keep_it_from_starting(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "web.yml"
            file.write_text("a: 1\nhttp_server_config: {http2: true}\n")
            expected = (f'cgroup2_exporter: {file}:1:1: unknown key "a"\n'
                        f"cgroup2_exporter: {file}:2:29: http_server_config.http2: HTTP/2 is not supported; leave it out or set it to false\n")
            self.assertEqual(self.check(file).stderr, expected)
            run = subprocess.run([EXPORTER, f"--web.config.file={file}"], capture_output=True, text=True, timeout=PATIENCE, check=False)
            self.assertEqual((run.returncode, run.stderr), (1, expected))


if __name__ == "__main__":
    unittest.main()
