# SPDX-License-Identifier: Apache-2.0
"""bars.py BENCH.json: holds the figures of a run against the bars; exit 1 if one is missed or was not measured."""

import json
import sys

# benchmark, counter, bar, what it is
BARS = [
    ("identity_of_1000_containers", "identity_share", 0.05, "identity's share of a poll of 1,000 containers"),
]


def main(path):
    with open(path, encoding="utf-8") as file:
        runs = {run["name"].split("/")[0]: run for run in json.load(file)["benchmarks"]}
    missed = 0
    for name, counter, bar, what in BARS:
        value = runs.get(name, {}).get(counter)
        is_held = value is not None and value <= bar
        missed += not is_held
        print(f"{'held' if is_held else 'MISSED':7}{'-' if value is None else f'{value:.3g}':>9}  <= {bar:<7} {what}")
    return 1 if missed else 0


sys.exit(main(*sys.argv[1:]))
