#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the running exporter costs on a made-up host: time, processor, memory and descriptors, as a client and /proc see them.

    process.py [--idle=SECONDS] [--rounds=NUMBER] EXPORTER MAKE_HOST OUT.json

OUT.json has the form of Google Benchmark's, for budgets.py.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 120.0  # seconds until a step that normally takes less than one counts as failed
BETWEEN_POLLS = 1.05  # --poll.min-interval is 1s: every scrape of these pays a poll
STARTS = 3
READ_ROUNDS = 6
REST = 60.0  # seconds
MIB = 1 << 20


class Host:
    """A tree on tmpfs; gone with this object."""

    def __init__(self, make_host, count):
        self.process = subprocess.Popen([make_host, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.root = self.process.stdout.readline().strip()
        assert self.root, "no tree was made"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()


def raise_open_files_limit():
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 16, 1 << 16))
    except (ValueError, OSError):
        pass  # the exporter raises the soft one; the figure `cgroups` tells how many fitted


class Exporter:
    """The exporter with its defaults and more flags, on a free port."""

    def __init__(self, binary, host, count, *flags):
        self.directory = tempfile.TemporaryDirectory()
        command = [binary, f"--path.cgroupfs={host.root}/cgroup", f"--path.procfs={host.root}/proc", f"--path.sysfs={host.root}", f"--path.rootfs={host.root}",
                   "--path.kmsg=", f"--oom.state-file={self.directory.name}/oom.json", f"--cgroup.max-count={count + 10}", "--poll.max-wait=60s",
                   "--web.listen-address=127.0.0.1:0", "--log.format=json", *flags]
        self.begin = time.monotonic()
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=raise_open_files_limit)
        self.port = self._wait_for_port()
        threading.Thread(target=self.process.stderr.read, daemon=True).start()  # or it would block when the pipe is full

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.directory.cleanup()

    def _wait_for_port(self):
        for line in self.process.stderr:
            message = json.loads(line)
            if message["msg"] == "listening":
                return int(message["port"])
        raise AssertionError("the exporter did not start")

    def scrape(self, encoding="identity"):
        """Seconds until the whole answer was there, and the answer."""
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(f"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n".encode())
            buffer, parts = bytearray(MIB), []
            while size := connection.recv_into(buffer):
                parts.append(bytes(memoryview(buffer)[:size]))
        duration = time.monotonic() - begin
        answer = b"".join(parts)
        assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]
        return duration, answer

    def status(self, key):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{key}:\s+(\d+) kB", text, re.MULTILINE).group(1)) * 1024 / MIB

    def cpu_seconds(self):
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def reads(self):
        """Calls of read(2), as the kernel counts them."""
        return int(re.search(r"^syscr: (\d+)$", pathlib.Path(f"/proc/{self.process.pid}/io").read_text(), re.MULTILINE).group(1))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def measure_scrapes(exporter, rounds):
    """Plain and gzip by turns, so that a slow moment of the machine is in both; each pays a poll."""
    durations = {"identity": [], "gzip": []}
    cpu = {"identity": 0.0, "gzip": 0.0}
    sizes = {}
    for _ in range(rounds):
        for encoding, values in durations.items():
            time.sleep(BETWEEN_POLLS)
            before = exporter.cpu_seconds()
            duration, answer = exporter.scrape(encoding)
            cpu[encoding] += exporter.cpu_seconds() - before
            values.append(duration)
            sizes[encoding] = len(answer)
    plain, packed = (statistics.median(durations[encoding]) for encoding in ("identity", "gzip"))
    return {
        "scrape_plain_ms": plain * 1e3, "scrape_gzip_ms": packed * 1e3, "gzip_ratio": packed / plain,
        "cpu_per_plain_scrape_ms": cpu["identity"] / rounds * 1e3, "cpu_per_gzip_scrape_ms": cpu["gzip"] / rounds * 1e3,
        "plain_bytes": sizes["identity"], "gzip_bytes": sizes["gzip"],
    }


def measure_reads(exporter, cgroups):
    """Calls of read(2) per cgroup and scrape, the least of some: in others, the exporter scans or looks names up as well."""
    least = float("inf")
    for _ in range(READ_ROUNDS):
        time.sleep(BETWEEN_POLLS)
        before = exporter.reads()
        exporter.scrape()
        least = min(least, exporter.reads() - before)
    return least / cgroups


def measure_idle(exporter, seconds):
    """Share of a core, once the questions of the first minute are asked: who new cgroups are is looked for again and again."""
    time.sleep(REST)
    before, begin = exporter.cpu_seconds(), time.monotonic()
    time.sleep(seconds)
    return (exporter.cpu_seconds() - before) / (time.monotonic() - begin)


def measure_start(arguments, host, count):
    """The median of a few: seconds from the start to the end of the first answer."""
    durations = []
    for _ in range(STARTS):
        with Exporter(arguments.exporter, host, count) as exporter:
            exporter.scrape()
            durations.append(time.monotonic() - exporter.begin)
    return statistics.median(durations)


def measure(arguments, count, idle):
    with Host(arguments.make_host, count) as host:
        figures = {"name": f"process_of_{count}_cgroups", "start_seconds": measure_start(arguments, host, count)}
        with Exporter(arguments.exporter, host, count) as exporter:
            figures |= measure_life(exporter, arguments.rounds, idle)
    return figures


def measure_life(exporter, rounds, idle):
    _, answer = exporter.scrape()
    figures = {"cgroups": answer.count(b"\ncgroup_info{"), "rss_after_first_mib": exporter.status("VmHWM")}
    figures |= measure_scrapes(exporter, rounds)
    figures |= {"peak_rss_mib": exporter.status("VmHWM"), "rss_anon_mib": exporter.status("RssAnon"), "rss_file_mib": exporter.status("RssFile"),
                "descriptors": exporter.descriptors()}
    if idle:
        figures["idle_share"] = measure_idle(exporter, idle)
    figures["reads_per_cgroup"] = measure_reads(exporter, figures["cgroups"])
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--idle", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=5)
    for name in ("exporter", "make_host", "out"):
        parser.add_argument(name)
    arguments = parser.parse_args()
    runs = [measure(arguments, 1_000, arguments.idle), measure(arguments, 10_000, 0)]
    for run in runs:
        print(" ".join(f"{key}={value if isinstance(value, (str, int)) else format(value, '.4g')}" for key, value in run.items()))
    pathlib.Path(arguments.out).write_text(json.dumps({"benchmarks": runs}, indent=2))


if __name__ == "__main__":
    sys.exit(main())
