#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What TLS costs a scrape: the processor time of the exporter for scrapes with gzip, over TLS and plain by turns.

    tls.py EXPORTER MAKE_HOST OUT.json

Of 1,000 cgroups: with a poll on a connection that stays, with a poll and a new connection for each, and without a poll (shared). OUT.json has
the form of Google Benchmark's, for budgets.py.
"""

import http.client
import json
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from support import certificates  # pylint: disable=wrong-import-position

import process

COUNT = 1_000
ROUNDS = 10


class Scraper:
    """Scrapes with gzip, on one connection as long as the exporter keeps it."""

    def __init__(self, exporter, is_tls):
        self.exporter = exporter
        make, options = (http.client.HTTPSConnection, {"context": certificates.trusting_client()}) if is_tls else (http.client.HTTPConnection, {})
        self.connection = make("127.0.0.1", exporter.port, timeout=process.PATIENCE, **options)

    def scrape(self, **headers):
        """Returns the processor time of the exporter."""
        before = self.exporter.cpu_seconds()
        self.connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip", **headers})
        response = self.connection.getresponse()
        body = response.read()
        assert response.status == 200 and response.headers["Content-Encoding"] == "gzip" and body
        return self.exporter.cpu_seconds() - before


def measure(scrapers, **headers):
    """Two medians of the processor time of a scrape, plain first, in milliseconds: with a poll, and of one that shares its snapshot."""
    polled, shared = ([], []), ([], [])
    for _ in range(ROUNDS):
        time.sleep(process.BETWEEN_POLLS)
        for index, scraper in enumerate(scrapers):
            polled[index].append(scraper.scrape(**headers))
            shared[index].append(scraper.scrape(**headers))
    return [[statistics.median(each) * 1e3 for each in times] for times in (polled, shared)]


def main(binary, make_host, out):
    with process.Host(make_host, COUNT) as host, tempfile.TemporaryDirectory() as directory:
        web = certificates.web_config(directory, certificates.Authority(directory).issue("server"))
        with process.Exporter(binary, host, COUNT) as plain, process.Exporter(binary, host, COUNT, f"--web.config.file={web}") as over_tls:
            scrapers = [Scraper(plain, False), Scraper(over_tls, True)]
            for scraper in scrapers:
                scraper.scrape()  # identifies containers
            (plain_ms, tls_ms), (shared_plain_ms, shared_tls_ms) = measure(scrapers)
            (new_plain_ms, new_tls_ms), _ = measure(scrapers, Connection="close")
    run = {"name": f"tls_of_{COUNT}_cgroups", "keep_alive_ratio": tls_ms / plain_ms, "new_connection_ratio": new_tls_ms / new_plain_ms,
           "cpu_plain_ms": plain_ms, "cpu_tls_ms": tls_ms, "cpu_plain_new_connection_ms": new_plain_ms, "cpu_tls_new_connection_ms": new_tls_ms,
           "cpu_plain_shared_ms": shared_plain_ms, "cpu_tls_shared_ms": shared_tls_ms}
    print(" ".join(f"{key}={value if isinstance(value, str) else format(value, '.4g')}" for key, value in run.items()))
    pathlib.Path(out).write_text(json.dumps({"benchmarks": [run]}, indent=2))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
