#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The running exporter on a made-up tree: what a client, a signal and a wrong configuration get.

    run.py EXPORTER
"""

import gzip
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

from prometheus_client.openmetrics.parser import text_string_to_metric_families

EXPORTER = sys.argv.pop(1)
PATIENCE = 30.0  # seconds until a step that normally takes milliseconds counts as failed


class Exporter:
    """A tree, a configuration file and an exporter that serves it on a free port."""

    def __init__(self, *flags, config="{}\n", limits=None):
        self.directory = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.directory.name)
        self.write("proc/meminfo", "MemTotal: 1024 kB\n")
        self.write("sys/dev/block/8:0/uevent", "DEVNAME=sda\n")
        self.write("cgroup/cgroup.controllers", "memory\n")
        self.write("cgroup/a/memory.current", "10\n")
        self.write("cgroup/a/cpu.stat", "usage_usec 1500000\n")
        self.write("cgroup/a/io.stat", "8:0 rbytes=1\n")
        self.write('cgroup/a "quoted\\/memory.current', "20\n")
        self.write("config.yaml", config)
        command = [EXPORTER, f"--config.file={self.root}/config.yaml", f"--path.cgroupfs={self.root}/cgroup", f"--path.procfs={self.root}/proc",
                   f"--path.sysfs={self.root}/sys", "--web.listen-address=127.0.0.1:0", "--poll.min-interval=0s", "--log.format=json",
                   f"--path.rootfs={self.root}", "--path.kmsg=", f"--oom.state-file={self.root}/oom.json", *flags]
        if limits:
            command = ["prlimit", "--nofile={}:{}".format(*limits), *command]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.port = int(self.wait_for_log("listening")["port"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stderr.close()
        self.process.stdout.close()
        self.directory.cleanup()

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def logged(self, message):
        return [line for line in map(json.loads, list(self.lines)) if line["msg"] == message]

    def wait_for_log(self, message, count=1):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            if len(self.logged(message)) >= count:
                return self.logged(message)[-1]
            time.sleep(0.01)
        raise AssertionError(f"no log line {message!r} in {self.lines}")

    def ask(self, path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def metrics(self, **headers):
        response, body = self.ask("/metrics", **headers)
        assert response.status == 200, body
        return body.decode()


class Serving(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporter = Exporter()
        cls.addClassCleanup(cls.exporter.__exit__)

    def test_text_is_the_default(self):
        response, body = self.exporter.ask("/metrics")
        self.assertEqual(response.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertIn(b'cgroup_memory_usage_bytes{cgroup="/a"} 10\n', body)
        self.assertIn(b'cgroup_memory_usage_bytes{cgroup="/a \\"quoted\\\\"} 20\n', body)
        self.assertIn(b'cgroup_io_read_bytes_total{cgroup="/a",device="sda"} 1\n', body)
        check = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True, check=False)
        self.assertEqual((check.returncode, check.stdout + check.stderr), (0, b""))

    def test_openmetrics_parses_with_another_parser(self):
        response, body = self.exporter.ask("/metrics", Accept="application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
        self.assertTrue(response.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0"))
        families = {family.name: family for family in text_string_to_metric_families(body.decode())}
        usage = families["cgroup_cpu_usage_seconds"]
        self.assertEqual((usage.type, usage.unit), ("counter", "seconds"))
        self.assertEqual([(sample.name, sample.labels, sample.value) for sample in usage.samples],
                         [("cgroup_cpu_usage_seconds_total", {"cgroup": "/a"}, 1.5)])
        self.assertEqual(families["cgroup"].type, "info")
        self.assertEqual(families["cgroup_exporter_poll_duration_seconds"].type, "histogram")

    def test_openmetrics_of_every_family_parses_with_another_parser(self):
        tree = pathlib.Path(__file__).resolve().parent.parent / "golden/every-file"
        flags = (f"--path.cgroupfs={tree}/sys/fs/cgroup", f"--path.procfs={tree}/proc", f"--path.sysfs={tree}/sys")
        with Exporter(*flags, config=(tree / "config.yaml").read_text()) as exporter:
            body = exporter.ask("/metrics", Accept="application/openmetrics-text;version=1.0.0")[1].decode()
        names = [family.name for family in text_string_to_metric_families(body)]
        self.assertEqual(len(names), len(set(names)))
        self.assertGreater(len(names), 150)

    def test_gzip_is_the_same_text(self):
        response, body = self.exporter.ask("/metrics", Accept_Encoding="gzip")
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        self.assertIn(b'cgroup_memory_usage_bytes{cgroup="/a"} 10\n', gzip.decompress(body))

    def test_every_scrape_reads_anew(self):
        for value in ("11", "12"):
            self.exporter.write("cgroup/fresh/pids.current", value + "\n")
            self.assertIn(f'cgroup_pids{{cgroup="/fresh"}} {value}\n', self.exporter.metrics())

    def test_no_series_twice(self):
        lines = [line.rsplit(" ", 1)[0] for line in self.exporter.metrics().splitlines() if not line.startswith("#")]
        self.assertEqual(len(lines), len(set(lines)))

    def test_collect_and_exclude_narrow(self):
        only = self.exporter.ask("/metrics?collect[]=cpu")[1].decode()
        self.assertIn("cgroup_cpu_usage_seconds_total{", only)
        self.assertNotIn("cgroup_memory_usage_bytes", only)
        rest = self.exporter.ask("/metrics?exclude[]=cpu")[1].decode()
        self.assertNotIn("cgroup_cpu_usage_seconds_total", rest)
        self.assertIn("cgroup_memory_usage_bytes", rest)
        for query in ("collect[]=gpu", "exclude[]=gpu", "collect[]=cpu&exclude[]=io"):
            self.assertEqual(self.exporter.ask("/metrics?" + query)[0].status, 400, query)

    def test_the_other_paths(self):
        rows = [("GET", "/", 200), ("GET", "/-/healthy", 200), ("HEAD", "/-/healthy", 200), ("GET", "/-/ready", 200), ("HEAD", "/-/ready", 200),
                ("HEAD", "/metrics", 200), ("GET", "/nothing", 404), ("GET", "/metrics/", 404), ("GET", "/cgroup?path=/a", 200),
                ("HEAD", "/cgroup?path=/a", 200), ("GET", "/cgroup?path=/nothing", 404), ("GET", "/cgroup", 400), ("GET", "/?sort=nothing", 400),
                ("POST", "/cgroup?path=/a", 405), ("GET", "/?filter=%", 400), ("POST", "/metrics", 405), ("DELETE", "/", 405),
                ("GET", "/-/reload", 405), ("POST", "/-/reload", 403)]
        for method, path, status in rows:
            response, body = self.exporter.ask(path, method)
            self.assertEqual(response.status, status, (method, path, body))
            if method == "HEAD":
                self.assertEqual(body, b"")

    def test_the_status_page_shows_the_values_of_now(self):
        for number in (1, 2):
            self.exporter.write("cgroup/shown/pids.current", f"{number}7\n")
            response, body = self.exporter.ask("/?by=all&filter=/shown")
            self.assertEqual(response.headers["Content-Type"], "text/html; charset=utf-8")
            self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
            self.assertIn(f"<td>{number}7<td>".encode(), body)
        self.assertNotIn(b"<script", body)

    def test_the_status_page_in_gzip_is_the_same(self):
        response, body = self.exporter.ask("/?by=all", Accept_Encoding="gzip")
        self.assertEqual((response.headers["Content-Encoding"], response.headers["Vary"]), ("gzip", "Accept-Encoding"))
        self.assertIn(b"/a &quot;quoted\\</a>", gzip.decompress(body))

    def test_a_cgroup_is_found_by_its_path_and_by_the_links_of_the_table(self):
        path = '/a "quoted\\'
        by_path = self.exporter.ask("/cgroup?path=" + urllib.parse.quote(path))[1]
        self.assertIn(b"cgroup_memory_usage_bytes</code><td>20\n", by_path)
        number = re.search(rb'href="cgroup\?id=(\d+)">/a &quot;quoted', self.exporter.ask("/?by=all")[1]).group(1).decode()
        self.assertIn(b"cgroup_memory_usage_bytes</code><td>20\n", self.exporter.ask("/cgroup?id=" + number)[1])

    def test_many_clients_at_once(self):
        failures = []

        def scrape():
            try:
                for _ in range(10):
                    self.exporter.metrics()
            except Exception as error:  # a thread's exception would be lost
                failures.append(error)

        threads = [threading.Thread(target=scrape) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


class Life(unittest.TestCase):
    def test_sigterm_and_sigint_end_it_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Exporter() as exporter:
                exporter.process.send_signal(number)
                self.assertEqual(exporter.process.wait(PATIENCE), 0)

    def test_sigterm_ends_it_while_clients_are_connected(self):
        with Exporter() as exporter, socket.create_connection(("127.0.0.1", exporter.port)):
            exporter.process.terminate()
            self.assertEqual(exporter.process.wait(PATIENCE), 0)

    def test_healthcheck_asks_the_one_that_runs(self):
        with Exporter() as exporter:
            ask = lambda port: subprocess.run([EXPORTER, "--healthcheck", f"--web.listen-address=127.0.0.1:{port}"], capture_output=True, text=True,
                                              timeout=PATIENCE, check=False)
            run = ask(exporter.port)
            self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
            exporter.process.terminate()
            self.assertEqual(exporter.process.wait(PATIENCE), 0)
            run = ask(exporter.port)
            self.assertEqual((run.returncode, run.stdout), (1, ""))
            self.assertEqual(run.stderr, f"cgroup2_exporter: 127.0.0.1:{exporter.port} is not healthy: Connection refused\n")

    def test_probes_have_a_server_of_their_own(self):
        with Exporter("--web.health-listen-address=127.0.0.1:0") as exporter:
            exporter.ask("/metrics")  # waits for the first poll, before which it is not ready
            metrics, exporter.port = exporter.port, int(exporter.wait_for_log("listening for probes")["port"])
            statuses = {path: exporter.ask(path)[0].status for path in ("/-/healthy", "/-/ready", "/metrics", "/", "/-/reload")}
            self.assertEqual(statuses, {"/-/healthy": 200, "/-/ready": 200, "/metrics": 404, "/": 404, "/-/reload": 404})
            command = [EXPORTER, "--healthcheck", "--web.listen-address=127.0.0.1:1", f"--web.health-listen-address=127.0.0.1:{exporter.port}"]
            self.assertEqual(subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False).returncode, 0)
            exporter.port = metrics
            self.assertEqual(exporter.ask("/metrics")[0].status, 200)

    def test_listens_on_the_sockets_that_systemd_passes(self):
        """As sd_listen_fds(3) describes it: from number 3 on, announced in the environment."""
        with Exporter() as other, socket.create_server(("127.0.0.1", 0)) as listener:
            flags = f"--web.systemd-socket --path.cgroupfs={other.root}/cgroup --path.kmsg= --oom.state-file="
            script = f"exec 3<&{listener.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1; exec {EXPORTER} {flags}"
            process = subprocess.Popen(["bash", "-c", script], pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL)
            try:
                connection = http.client.HTTPConnection(*listener.getsockname(), timeout=PATIENCE)
                connection.request("GET", "/-/healthy")
                self.assertEqual(connection.getresponse().status, 200)
                connection.close()
            finally:
                process.terminate()
                self.assertEqual(process.wait(PATIENCE), 0)

    def test_without_sockets_of_systemd_it_says_so(self):
        with Exporter() as other:
            command = [EXPORTER, "--web.systemd-socket", f"--path.cgroupfs={other.root}/cgroup", "--path.kmsg=", "--oom.state-file="]
            run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(run.returncode, 1)
        self.assertIn("cgroup2_exporter: no socket activation file descriptors found\n", run.stderr)

    def test_sighup_takes_a_new_configuration(self):
        with Exporter() as exporter:
            self.assertIn('{cgroup="/a"}', exporter.metrics())
            exporter.write("config.yaml", "cgroup: {exclude: /a}\ncollectors: {cpu: false}\n")
            exporter.process.send_signal(signal.SIGHUP)
            exporter.wait_for_log("configuration reloaded")
            text = exporter.metrics()
            self.assertNotIn('{cgroup="/a"}', text)
            self.assertIn('cgroup_exporter_cgroups{state="excluded"} 1\n', text)
            self.assertNotIn('collector="cpu"', text)

    def test_sighup_takes_another_set(self):
        exporter = Exporter()
        exporter.write("cgroup/a/pids.peak", "9\n")
        exporter.write("cgroup/a/memory.min", "5\n")
        with exporter:
            text = exporter.metrics()
            self.assertNotIn("cgroup_pids_peak", text)
            self.assertNotIn("cgroup_memory_min_bytes", text)
            _, body = exporter.ask("/metrics/cadvisor?profile=standalone")
            self.assertRegex(body, rb'(?m)^container_spec_memory_reservation_limit_bytes\{.*id="/a".*\} 5$')
            exporter.write("config.yaml", "collectors: {set: standard}\n")
            exporter.process.send_signal(signal.SIGHUP)
            exporter.wait_for_log("configuration reloaded")
            text = exporter.metrics()
            self.assertIn('cgroup_pids_peak{cgroup="/a"} 9\n', text)
            self.assertIn('cgroup_memory_min_bytes{cgroup="/a"} 5\n', text)

    def test_sighup_puts_other_labels_on_the_series(self):
        with Exporter() as exporter:
            self.assertIn('cgroup_memory_usage_bytes{cgroup="/a"} 10\n', exporter.metrics())
            exporter.write("config.yaml", "labels: {series: [kind]}\n")
            exporter.process.send_signal(signal.SIGHUP)
            exporter.wait_for_log("configuration reloaded")
            self.assertIn('cgroup_memory_usage_bytes{cgroup="/a",kind="other"} 10\n', exporter.metrics())

    def test_a_status_page_that_is_off_says_where_the_metrics_are(self):
        for exporter in (Exporter("--no-web.status-page"), Exporter(config="web: {status_page: false}\n")):
            with exporter:
                for path in ("/", "/cgroup?path=/a"):
                    response, body = exporter.ask(path)
                    self.assertEqual((response.status, body), (404, b"The status page is off (web.status_page: false). Metrics are at /metrics.\n"))
                self.assertIn('cgroup_memory_usage_bytes{cgroup="/a"} 10\n', exporter.metrics())

    def test_more_than_two_pages_at_once_are_refused(self):
        with Exporter() as exporter:
            for number in range(2000):
                exporter.write(f"cgroup/{number:04}{'&' * 240}/memory.current", "10\n")  # each of which is five characters of the page
            exporter.metrics()
            readers = []
            try:
                for number in range(16):
                    reader = socket.socket()
                    readers.append(reader)
                    reader.bind((f"127.0.0.{number + 2}", 0))
                    reader.settimeout(PATIENCE)
                    reader.connect(("127.0.0.1", exporter.port))
                for reader in readers:
                    reader.sendall(b"GET /?by=all HTTP/1.1\r\nHost: a\r\n\r\n")
                heads = [reader.recv(1000) for reader in readers]
                refused = [head for head in heads if head.startswith(b"HTTP/1.1 503 ")]
                self.assertTrue(refused, heads)
                self.assertTrue(all(b"Retry-After: 1\r\n" in head for head in refused), refused)
                self.assertEqual(len([head for head in heads if head.startswith(b"HTTP/1.1 200 ")]), 16 - len(refused))
                self.assertLess(len(refused), 16)
                exporter.metrics()
                self.assertEqual(exporter.ask("/-/healthy")[0].status, 200)
            finally:
                for reader in readers:
                    reader.close()
            deadline = time.monotonic() + PATIENCE
            while exporter.ask("/")[0].status != 200:
                self.assertLess(time.monotonic(), deadline)

    def test_a_wrong_configuration_leaves_the_old_one(self):
        with Exporter(config="cgroup: {exclude: /a}\n") as exporter:
            exporter.write("config.yaml", "cgroup: {exclude: '('}\nnonsense: 1\n")
            exporter.process.send_signal(signal.SIGHUP)
            exporter.wait_for_log("configuration not reloaded, the old one stays in effect", 2)
            problems = [line["problem"] for line in exporter.logged("configuration not reloaded, the old one stays in effect")]
            self.assertTrue(any(re.search(r"config.yaml:1:\d+: ", problem) for problem in problems), problems)
            self.assertTrue(any("config.yaml:2:1: unknown key" in problem for problem in problems), problems)
            text = exporter.metrics()
            self.assertNotIn('{cgroup="/a"}', text)
            self.assertIn("cgroup_exporter_config_last_reload_successful 0\n", text)

    def test_a_pattern_means_the_same_to_the_check_and_to_the_filter(self):
        with Exporter("--web.enable-lifecycle") as exporter:
            exporter.write("config.yaml", "cgroup: {include: '\\x{100}|.*'}\n")  # no byte, so no pattern on bytes
            self.assertEqual(exporter.ask("/-/reload", "POST")[0].status, 500)
            self.assertIn('{cgroup="/a"}', exporter.metrics())

    def test_reload_by_http_says_what_is_wrong(self):
        with Exporter("--web.enable-lifecycle") as exporter:
            self.assertEqual(exporter.ask("/-/reload", "POST")[0].status, 200)
            exporter.write("config.yaml", "nonsense: 1\n")
            response, body = exporter.ask("/-/reload", "POST")
            self.assertEqual((response.status, response.headers["Retry-After"]), (429, "1"))
            time.sleep(1)
            self.assertEqual(exporter.ask("/-/reload", "POST", Origin="http://elsewhere.example")[0].status, 403)
            response, body = exporter.ask("/-/reload", "POST")
            self.assertEqual(response.status, 500)
            self.assertIn(b"unknown key", body)

    def test_what_needs_a_restart_is_said(self):
        with Exporter() as exporter:
            exporter.write("config.yaml", "web: {telemetry_path: /other}\n")
            exporter.process.send_signal(signal.SIGHUP)
            self.assertEqual(exporter.wait_for_log("this change takes effect only after a restart")["option"], "web.telemetry-path")

    def test_a_lasting_error_is_logged_once_and_counted_each_time(self):
        with Exporter() as exporter:
            exporter.write("cgroup/a/pids.current", "broken\n")
            for _ in range(3):
                text = exporter.metrics()
            count = re.search(r'cgroup_exporter_read_errors_total\{file="pids.current",reason="malformed"\} (\d+)', text)
            self.assertGreaterEqual(int(count.group(1)), 3)
            exporter.wait_for_log("cannot read a file")
            self.assertEqual(len(exporter.logged("cannot read a file")), 1)
            self.assertIn('cgroup_exporter_collector_success{collector="pids"} 0\n', text)

    def test_a_low_soft_limit_on_open_files_costs_no_cgroups(self):
        """As systemd sets it: 1,024, which may be raised."""
        with Exporter(limits=(1024, 4096)) as exporter:
            for number in range(400):
                exporter.write(f"cgroup/n{number}/pids.current", "1\n")
            text = exporter.metrics()
        self.assertEqual(text.count("\ncgroup_pids{"), 400)
        self.assertIn('cgroup_exporter_cgroups{state="dropped"} 0', text)

    def test_10000_cgroups_that_come_and_go_leave_nothing_behind(self):
        with Exporter() as exporter:
            exporter.write("cgroup/stays/pids.current", "7\n")
            exporter.metrics()
            descriptors = len(os.listdir(f"/proc/{exporter.process.pid}/fd"))
            for batch in range(100):
                names = [f"cgroup/n{batch}.{number}" for number in range(100)]
                for name in names:
                    exporter.write(f"{name}/pids.current", "1\n")
                if batch % 10 == 0:
                    self.assertIn('cgroup_pids{cgroup="/stays"} 7\n', exporter.metrics())
                for name in names:
                    shutil.rmtree(exporter.root / name)
            text = exporter.metrics()
            self.assertLessEqual(len(os.listdir(f"/proc/{exporter.process.pid}/fd")), descriptors + 5)
        self.assertEqual(text.count("\ncgroup_pids{"), 1)
        self.assertIn('cgroup_exporter_cgroups{state="dropped"} 0', text)
        # A sanitizer keeps what was freed.
        if not re.search(rb"__[at]san_init", pathlib.Path(EXPORTER).read_bytes()):
            self.assertLess(float(re.search(r"^process_resident_memory_bytes (\S+)", text, re.MULTILINE).group(1)), 64 << 20)

    def test_few_descriptors_cost_cgroups_not_values(self):
        with Exporter() as exporter:
            resource.prlimit(exporter.process.pid, resource.RLIMIT_NOFILE, (200, 200))
            exporter.process.send_signal(signal.SIGHUP)  # the bound is computed anew
            exporter.wait_for_log("configuration reloaded")
            exporter.metrics()  # and applied
            for number in range(300):
                exporter.write(f"cgroup/n{number}/pids.current", "1\n")
            text = exporter.metrics()
            self.assertEqual(exporter.wait_for_log("cannot read a file")["reason"], "too_many_cgroups")
        exported = text.count("\ncgroup_pids{")
        self.assertGreater(exported, 40)
        self.assertLess(exported, 100)
        self.assertNotIn('reason="EMFILE"', text)
        self.assertIn('cgroup_exporter_read_errors_total{file="directory",reason="too_many_cgroups"}', text)
        self.assertGreater(int(re.search(r'cgroup_exporter_cgroups\{state="dropped"\} (\d+)', text).group(1)), 100)


class Sandboxed(unittest.TestCase):
    SAMPLE = re.compile(r'^cgroup_exporter_sandbox\{layer="(\w+)",thread="(\w+)"\} ([01])$', re.MULTILINE)

    def layers(self, exporter):
        """(thread, layer) -> whether it holds."""
        return {(thread, layer): value == "1" for layer, thread, value in self.SAMPLE.findall(exporter.metrics())}

    def threads(self, exporter, name):
        """The status of each thread that is called so."""
        for task in pathlib.Path(f"/proc/{exporter.process.pid}/task").iterdir():
            if (task / "comm").read_text().startswith(name):
                yield dict(line.split(":\t", 1) for line in (task / "status").read_text().splitlines() if ":\t" in line)

    def rights_of(self, exporter):
        """The different rights that threads have which serve."""
        return {(int(status["CapEff"], 16), int(status["CapPrm"], 16), status["NoNewPrivs"], status["Seccomp"])
                for status in self.threads(exporter, "civetweb")}

    def test_threads_that_serve_have_no_rights(self):
        with Exporter() as exporter:
            exporter.metrics()
            deadline = time.monotonic() + PATIENCE
            # Threads begin one after the other, and have their names before they give up their rights.
            while sum(1 for _ in self.threads(exporter, "civetweb-worker")) <= 60 or self.rights_of(exporter) != {(0, 0, "1", "2")}:
                self.assertLess(time.monotonic(), deadline, self.rights_of(exporter))
                time.sleep(0.05)
            lacking = {"landlock"} if exporter.logged("the kernel has no Landlock") else set()
            for (thread, layer), holds in self.layers(exporter).items():
                self.assertEqual(holds, layer not in lacking, (thread, layer))

    def test_a_sandbox_that_is_off_is_said(self):
        with Exporter("--no-process.sandbox") as exporter:
            exporter.wait_for_log("the sandbox is off: all threads keep all rights of the process")
            self.assertEqual(set(self.layers(exporter).values()), {False})
            self.assertEqual({status["Seccomp"] for status in self.threads(exporter, "civetweb")}, {"0"})


class Refusing(unittest.TestCase):
    def refuse(self, *flags):
        run = subprocess.run([EXPORTER, *flags], capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(run.returncode, 1, run)
        return run.stderr

    def test_a_port_in_use_is_one_line(self):
        with Exporter() as exporter:
            text = self.refuse(f"--path.cgroupfs={exporter.root}/cgroup", f"--path.procfs={exporter.root}/proc", "--log.level=error",
                               f"--web.listen-address=127.0.0.1:{exporter.port}")
            self.assertEqual(text, f"cgroup2_exporter: cannot listen on 127.0.0.1:{exporter.port}: Address already in use\n")

    def test_a_missing_procfs_is_one_line(self):
        self.assertEqual(self.refuse("--path.procfs=/nowhere"),
                         "cgroup2_exporter: --path.procfs=/nowhere: open directory: No such file or directory\n")

    def test_a_root_that_is_no_hierarchy_is_one_line(self):
        self.assertEqual(self.refuse("--path.cgroupfs=/proc/sys").count("\n"), 1)

    def test_all_problems_of_a_configuration_come_at_once(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("poll:\n  interval: soon\n  interval: 1s\ncgroup:\n  include: '['\nnonsense: 1\n")
            file.flush()
            lines = self.refuse(f"--config.file={file.name}", "--config.check").splitlines()
        for place in (":2:", ":3:", ":5:", ":6:"):
            self.assertTrue(any(place in line for line in lines), (place, lines))


if __name__ == "__main__":
    unittest.main()
