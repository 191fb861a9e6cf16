# SPDX-License-Identifier: Apache-2.0
"""quick.py BENCH: the ratios that a busy machine does not change much, compared with their budgets. For the tests; scripts/bench measures everything.

The better of three runs counts: other load only adds."""

import json
import pathlib
import subprocess
import sys
import tempfile

import budgets

RATIOS = {
    ("poll_of_all_files/1000", "poll_per_floor"), ("render_of_1000_cgroups", "share_of_oracle"), ("render_of_1000_cgroups", "series_per_container"),
}


def run(bench, out):
    subprocess.run([bench, "--benchmark_filter=^(poll_of_all_files|render_of_1000_cgroups)", f"--benchmark_out={out}", "--benchmark_out_format=json"],
                   check=True, stdout=subprocess.DEVNULL)
    return budgets.runs_of(out)


def main(bench):
    chosen = [budget for budget in budgets.BUDGETS if budget[:2] in RATIOS]
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(3):
            if budgets.exceeded(chosen, run(bench, pathlib.Path(directory) / "bench.json")) == 0:
                return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
