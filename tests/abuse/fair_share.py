#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A user makes more cgroups than cgroup.max_count, then a pod starts: the next scrape has all of its series.

    fair_share.py EXPORTER [COUNT]     COUNT cgroups of the user, which is also the bound (10,000; ctest takes fewer)
"""

import re
import sys
import time

import names


def series_of(text, path):
    return set(re.findall(rf'^(\w+)\{{cgroup="/{re.escape("/".join(path))}"', text, re.MULTILINE))


def scrape(exporter):
    begin = time.monotonic()
    status, body = exporter.ask("/metrics")
    assert status == 200, status
    return body.decode(), time.monotonic() - begin


def main(binary, count):
    with names.Host() as host:
        for number in range(count):
            host.make("user.slice", "user-1000.slice", f"c{number}")
        with names.Exporter(binary, host, f"--cgroup.max-count={count}", "--poll.max-wait=60s") as exporter:
            text, before = scrape(exporter)
            # The ledger knows a container by its unit or name, and only what has neither by its path.
            user = series_of(text, ("user.slice", "user-1000.slice", "c0")) - {"cgroup_oom_kills_total"}
            assert user, "no series of the user"
            paths = names.pod(0, 3)
            for path in paths:
                host.make(*path)
            text, after = scrape(exporter)
            for path in paths:
                missing = user - series_of(text, path)
                assert not missing, (path, missing)
            dropped = int(re.search(r'^cgroup_exporter_cgroups\{state="dropped"\} (\d+)', text, re.MULTILINE).group(1))
            assert f'cgroup_exporter_cgroups_dropped{{subtree="/user.slice/user-1000.slice"}} {dropped}\n' in text
            _, later = scrape(exporter)
            told = [line for line in exporter.log if line.get("subtree") == "/user.slice/user-1000.slice"]
            assert len(told) == 1, told
    print(f"{count} cgroups of a user, then a pod: all its series in the next scrape; {dropped} cgroups of the user dropped.")
    print(f"Scrapes took {before:.2f} s before, {after:.2f} s with the pod's start, {later:.2f} s after.")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
