#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A client that guesses passwords while another one, which knows its own, scrapes.

    passwords.py EXPORTER [GUESSES]

Prints how much longer the scrapes take, with guesses from one address, also from that of the scraper, and from thirty. GUESSES is 1,000
unless given. Fails if they cost 10 % or more, in the best of three attempts, because the machine may do something else.
"""

import base64
import contextlib
import http.client
import pathlib
import re
import statistics
import sys
import tempfile
import threading
import time

from names import Exporter, Host, make_friendly

CGROUPS = 400
SCRAPES, ROUNDS = 20, 5  # rounds with and without guesses take turns
ATTEMPTS, MAX_RATIO = 3, 1.10
CLIENTS = 12  # that guess at once
HONEST = "127.0.0.1"
OF_SECRET = "$2y$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u"  # by crypt(3), cost 10


def ask(port, address, password):
    """The status, and the seconds that the answer took."""
    credentials = base64.b64encode(f"alice:{password}".encode()).decode()
    begin = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(address, 0))
    try:
        connection.request("GET", "/metrics", headers={"Authorization": f"Basic {credentials}"})
        response = connection.getresponse()
        response.read()
        return response.status, time.monotonic() - begin
    finally:
        connection.close()


class Guesses:
    """Wrong passwords, no two the same, spread over the time of some scrapes. Most clients wait for theirs to be compared."""

    def __init__(self, port, addresses, count, seconds):
        self.statuses = []
        self.port, self.addresses = port, addresses
        self.dues = iter([time.monotonic() + number * seconds / count for number in range(count)])
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.guess) for _ in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        for thread in self.threads:
            thread.join()

    def guess(self):
        while True:
            with self.lock:
                due = next(self.dues, None)
            if due is None:
                return
            time.sleep(max(0, due - time.monotonic()))
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.statuses.append(ask(self.port, self.addresses[hash(due) % len(self.addresses)], f"wrong {due}")[0])


def scrape(port):
    status, seconds = ask(port, HONEST, "secret")
    assert status == 200, status
    time.sleep(0.25)
    return seconds


def attempt(port, addresses, guesses):
    """The ratio of the times of scrapes with and without guesses, and how these were answered."""
    quiet, guessed, statuses = [], [], []
    each = SCRAPES // ROUNDS
    for _ in range(ROUNDS):
        quiet += [scrape(port) for _ in range(each)]
        with Guesses(port, addresses, guesses // ROUNDS, each * 0.25) as attack:
            guessed += [scrape(port) for _ in range(each)]
        statuses += attack.statuses
    counts = {status: statuses.count(status) for status in sorted(set(statuses))}
    return statistics.mean(guessed) / statistics.mean(quiet), statistics.mean(quiet), counts


def main(binary, guesses):
    is_sanitized = re.search(rb"__[at]san_init", pathlib.Path(binary).read_bytes())
    rows = {"one address": ["127.0.2.1"], "the scraper's address": [HONEST], "thirty addresses": [f"127.0.2.{i + 1}" for i in range(30)]}
    failures = []
    with Host() as host, tempfile.NamedTemporaryFile("w", suffix=".yml") as web:
        make_friendly(host, CGROUPS)
        web.write(f"basic_auth_users: {{alice: {OF_SECRET}}}\n")
        web.flush()
        with Exporter(binary, host, f"--web.config.file={web.name}") as exporter:
            ask(exporter.port, HONEST, "secret")
            print(f"| {guesses} wrong passwords from | a scrape alone | {SCRAPES} scrapes take | answers |\n|---|---|---|---|")
            for name, addresses in rows.items():
                for _ in range(ATTEMPTS):
                    ratio, quiet, counts = attempt(exporter.port, addresses, guesses)
                    if ratio < MAX_RATIO:
                        break
                print(f"| {name} | {quiet * 1000:.1f} ms | {ratio:.2f} times as long | {counts} |", flush=True)
                if ratio >= MAX_RATIO and not is_sanitized:
                    failures.append((name, ratio))
            assert exporter.process.poll() is None
    assert not failures, failures


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
