# SPDX-License-Identifier: Apache-2.0
"""Runs all of tests/scale and prints the tables of docs/scale.md.

    scale.py EXPORTER [--quick]
"""

import argparse
import concurrent.futures
import os
import pathlib
import sys
import tempfile
import time

import equality
import measure
import node
import report

# Alerts look back by 15 minutes. What is recorded every four minutes looks back by five at rates of five, so a pod that ended is in it for 14 minutes.
# Scrapes of a trial, and seconds between two.
FULL = {"times": equality.Times(restarts=330, wild=150, steady=700), "scrapes": 36, "interval": 4, "rounds": 5, "sizes": equality.SIZES}
# For a machine that is busy with other work: smaller hosts and shorter trials, and the same comparisons.
QUICK = {"times": FULL["times"], "scrapes": 12, "interval": 4, "rounds": 2, "sizes": (30,)}


def samples_of_a_node(binary):
    """How many samples a node of 300 cgroups has in a scrape, by the set."""
    with node.Node("node", 300) as host:
        found = {}
        for name in ("lean", "full"):
            with node.running(binary, host, f"--collectors={name}") as exporter:
                time.sleep(3)
                exporter.ask("/metrics")
                time.sleep(1)
                found[name] = measure.samples_of(exporter)
        return found


def measured(binary, directory, times):
    rows, hosts = [], {}
    for trial in measure.TRIALS:
        print(f"measuring {trial.name}", file=sys.stderr, flush=True)
        more, hosts[trial.name] = measure.measure(binary, directory, trial, times["interval"], times["scrapes"])
        rows += more
        print(report.costs(more), file=sys.stderr, flush=True)
    ledgers = {(retention, is_killed): measure.ledger(binary, retention, is_killed, times["rounds"]) for retention in ("1h", "1s") for is_killed in (False, True)}
    return rows, hosts, ledgers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("exporter", type=os.path.abspath)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    times, began = QUICK if arguments.quick else FULL, time.monotonic()
    tempfile.tempdir = "/dev/shm"  # a tmpfs uses no inode number twice, as cgroup2
    with tempfile.TemporaryDirectory(prefix="scale.") as name, concurrent.futures.ProcessPoolExecutor(1) as pool:
        directory = pathlib.Path(name)
        (directory / "equality").mkdir()
        comparing = pool.submit(equality.run, arguments.exporter, directory / "equality", times["times"], times["sizes"])
        comparing.add_done_callback(lambda future: print(future.exception() or report.equality(future.result(), equality.COMPARED), file=sys.stderr, flush=True))
        samples = samples_of_a_node(arguments.exporter)
        rows, hosts, ledgers = measured(arguments.exporter, directory, times)
        outcome = comparing.result()
    print_tables(rows, hosts, ledgers, outcome, samples)
    faults = list(equality.unexpected(outcome))
    print("\n".join(["", *faults, f"{time.monotonic() - began:.0f} s"]))
    sys.exit(1 if faults else 0)


def print_tables(rows, hosts, ledgers, outcome, samples):
    print(f"{outcome['cgroups']} cgroups on {equality.HOSTS} hosts")
    for name, (count, cgroups, share) in hosts.items():
        print(f"{name}: {count} samples of {cgroups} cgroups in a scrape, {share:.0%} are others in the next")
    for text in (report.plan(rows, samples, outcome["churn"]["series"]), report.costs(rows), report.churn(outcome, rows, ledgers), report.equality(outcome, equality.COMPARED), report.usage(outcome)):
        print("\n" + text, end="")


if __name__ == "__main__":
    main()
