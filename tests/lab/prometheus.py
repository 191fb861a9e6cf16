# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus that scrapes the machine, and what it stored."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from machine import free_ports, stop

SCRAPE_SECONDS = 2

CONFIG = """
global: {{scrape_interval: {interval}s, scrape_timeout: {interval}s}}
scrape_configs: [{{job_name: lab, static_configs: [{{targets: ["127.0.0.1:{port}"]}}]}}]
"""


class Prometheus:
    """Runs within its `with` block, and never longer than `lifetime` seconds."""

    def __init__(self, target_port, directory, lifetime, interval=SCRAPE_SECONDS):
        self.log = directory / "prometheus.log"
        self._directory = directory
        self._lifetime = lifetime
        self._process = None
        self._config = directory / "prometheus.yml"
        self._config.write_text(CONFIG.format(interval=interval, port=target_port))

    def __enter__(self):
        for _ in range(3):  # as with the machine's ports
            (port,) = free_ports(1)
            self._url = f"http://127.0.0.1:{port}"
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
                with urllib.request.urlopen(f"{self._url}/-/ready", timeout=5):
                    return True
            except OSError:
                time.sleep(0.2)
        return False

    def query(self, expression, at=None):
        """The series that an instant query gives now, or at a time in seconds since 1970: a list of (labels, value)."""
        when = {} if at is None else {"time": at}
        url = f"{self._url}/api/v1/query?" + urllib.parse.urlencode({"query": expression, **when})
        with urllib.request.urlopen(url, timeout=10) as response:
            result = json.load(response)["data"]["result"]
        return [(series["metric"], float(series["value"][1])) for series in result]
