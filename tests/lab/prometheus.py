# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus that scrapes an exporter, and what it stored."""

import json
import pathlib
import subprocess
import sys
import time
import urllib.request

from machine import free_ports, stop

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from prometheus_api import Api  # noqa: E402

SCRAPE_SECONDS = 2


def evaluation_ms(interval):
    """How often rules are evaluated where scrapes come every `interval` seconds."""
    return interval * 250


def config(port, interval, jobs, labels, rules):
    """What Prometheus reads as YAML. `jobs` has the name of each job that scrapes the port, with what it needs besides."""
    return json.dumps({
        "global": {"scrape_interval": f"{interval}s", "scrape_timeout": f"{interval}s", "evaluation_interval": f"{evaluation_ms(interval)}ms"},
        "rule_files": [str(path) for path in rules],
        "scrape_configs": [{"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{port}"], "labels": labels}], **needs}
                           for name, needs in jobs.items()],
    })


class Prometheus(Api):
    """Runs within its `with` block, and never longer than `lifetime` seconds. `labels` are added to all series, `rules` are files."""

    def __init__(self, target_port, directory, lifetime, interval=SCRAPE_SECONDS, jobs=None, labels=None, rules=()):
        super().__init__()
        self.log = directory / "prometheus.log"
        self._directory = directory
        self._lifetime = lifetime
        self._process = None
        self._config = directory / "prometheus.yml"
        self._config.write_text(config(target_port, interval, jobs or {"lab": {}}, labels or {}, rules))

    def __enter__(self):
        for _ in range(3):  # as with the machine's ports
            (port,) = free_ports(1)
            self.url = f"http://127.0.0.1:{port}"
            with open(self.log, "wb") as log:
                self._process = subprocess.Popen(
                    ["timeout", str(self._lifetime), "prometheus", f"--config.file={self._config}", f"--web.listen-address=127.0.0.1:{port}",
                     f"--storage.tsdb.path={self._directory}/tsdb", "--log.level=warn"],
                    cwd=self._directory, stdout=log, stderr=log)
            if self._wait_until_ready():
                return self
            self.__exit__()
        sys.exit(f"Prometheus did not start:\n{self.log.read_text()}")

    def __exit__(self, *_):
        stop(self._process)

    def _wait_until_ready(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5):
                    return True
            except OSError:
                time.sleep(0.2)
        return False
