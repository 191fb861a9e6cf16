# SPDX-License-Identifier: Apache-2.0
"""budgets.py RUN.json...: compares what these runs measured with its budgets; exit 1 if one is exceeded or was not measured."""

import json
import sys

# benchmark, counter, the most that is allowed, what it is
BUDGETS = [
    ("poll/1000", "poll_per_full_floor", 0.5, "a poll of 1,000 cgroups / a bare loop that reads all their files in the same way"),
    ("poll/1000", "poll_per_hot_floor", 1.25, "the same / a bare loop over the files that may have changed untold"),
    ("poll_of_all_files/1000", "poll_per_floor", 1.5, "a poll of 1,000 cgroups that nobody watches / a bare loop that reads the same files"),
    ("process_of_1000_cgroups", "reads_per_cgroup", 12, "calls of read(2) per cgroup and scrape of 1,000 quiet cgroups"),
    ("growth_from_1000_to_10000", "growth", 1.15, "growth of a poll from 1,000 to 10,000 cgroups / 10"),
    ("identity_of_1000_containers", "identity_share", 0.05, "identity's share of a poll of 1,000 containers"),
    ("network_of_250_pods", "us_per_namespace", 40, "microseconds that a network namespace adds to a poll, on tmpfs"),
    ("render_of_1000_cgroups", "ns_per_sample", 100, "nanoseconds to render a sample"),
    ("render_of_1000_cgroups", "share_of_oracle", 0.05, "the same, of what prometheus-cpp's TextSerializer takes"),
    ("render_of_1000_cgroups", "series_per_container", 60, "series of a container by default"),
    ("render_of_1000_cgroups", "bytes_per_container", 12_000, "bytes of text of a container by default"),
    ("cadvisor_of_1000_cgroups", "ns_per_sample", 100, "nanoseconds to render a sample under cAdvisor's names"),
    ("status_page_of_2000_cgroups", "table_ms", 20, "milliseconds to render the status page with 2,000 cgroups"),
    ("status_page_of_2000_cgroups", "gzip_kilobytes", 300, "kB of it in gzip"),
    ("process_of_1000_cgroups", "gzip_ratio", 3, "a scrape over HTTP with gzip, poll included / the same without"),
    ("tls_of_1000_cgroups", "keep_alive_ratio", 1.3, "processor time of a scrape over TLS with gzip, on a connection that stays / the same without TLS"),
    ("process_of_1000_cgroups", "peak_rss_mib", 20, "MiB of peak RSS with 1,000 cgroups, ten scrapes done"),
    ("process_of_10000_cgroups", "peak_rss_mib", 100, "MiB of peak RSS with 10,000 cgroups, ten scrapes done"),
    ("process_of_1000_cgroups", "idle_share", 0.0005, "of a core, for an idle exporter with 1,000 cgroups"),
    ("process_of_1000_cgroups", "start_seconds", 1, "seconds from the start to the first complete answer with 1,000 cgroups"),
]


def runs_of(path):
    with open(path, encoding="utf-8") as file:
        return {run["name"].removesuffix("/iterations:1"): run for run in json.load(file)["benchmarks"]}


def exceeded(budgets, runs):
    """Prints a line for each; returns how many are exceeded or were not measured."""
    count = 0
    for name, counter, budget, what in budgets:
        value = runs.get(name, {}).get(counter)
        is_kept = value is not None and value <= budget
        count += not is_kept
        print(f"{'kept' if is_kept else 'EXCEEDED':9}{'-' if value is None else f'{value:.3g}':>9}  <= {budget:<7} {what}")
    return count


def main(*paths):
    runs = {}
    for path in paths:
        runs |= runs_of(path)
    return 1 if exceeded(BUDGETS, runs) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
