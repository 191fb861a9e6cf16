# SPDX-License-Identifier: Apache-2.0
"""What the lab's tests share: the machine, Prometheus, and waiting for the next scrapes."""

import hashlib
import json
import re
import time
import unicodedata
import unittest


def id_of(name):
    """The id of one of the containers on the stage, as guest/stage.sh makes it."""
    return hashlib.sha256(name.encode()).hexdigest()


POD = "/kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0"
DOCKER_CGROUP = f"/lab.slice/docker-{id_of('docker')}.scope"
BARE_CGROUP = f"/lab/{id_of('bare')}"
POD_CGROUP = f"{POD}/{id_of('pod')}"
STRAYED_CGROUP = f"/lab.slice/libpod-{id_of('strayed')}.scope"
NESTED_CGROUP = f"/lab/{id_of('nested')}"


def label_of(raw):
    """A path's bytes as they arrive in a label, if they are few: see docs/METRICS.md."""
    label = ""
    for character in re.sub(rb"%(?=[0-9A-Fa-f]{2})", b"%25", raw).decode("utf-8", "surrogateescape"):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            label += "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
        else:
            label += character
    return label


class LabTest(unittest.TestCase):
    machine = None  # both set by run.py before the first test
    prometheus = None
    maxDiff = None

    def report(self, text):
        print(f"    {text}", flush=True)

    def series(self, metric, **labels):
        """What Prometheus holds now of one metric: a list of (labels, value)."""
        matchers = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels.items())  # escapes as PromQL's strings do
        return self.prometheus.query(f"{metric}{{{matchers}}}")

    def value(self, metric, cgroup, **labels):
        """The one value of a metric for a cgroup; None if there is none."""
        found = self.series(metric, cgroup=cgroup, **labels)
        self.assertLessEqual(len(found), 1, found)
        return found[0][1] if found else None

    def values(self, metric):
        """cgroup -> value, for metrics with one series per cgroup."""
        found = self.series(metric)
        values = {labels["cgroup"]: value for labels, value in found}
        self.assertEqual(len(values), len(found), f"{metric} has several series for one cgroup")
        return values

    def info(self, cgroup):
        """The labels of cgroup_info, which must be there once the next scrapes are in."""
        found = self.eventually(lambda: self.series("cgroup_info", cgroup=cgroup), bool, f"cgroup_info of {cgroup}")
        self.assertEqual(len(found), 1, found)
        return found[0][0]

    def eventually(self, read, holds, what, seconds=15):
        """Reads until `holds` says yes and returns that value: Prometheus knows a change only after the next scrape."""
        deadline = time.monotonic() + seconds
        while True:
            value = read()
            if holds(value):
                return value
            if time.monotonic() > deadline:
                self.fail(f"{what}: still {value!r} after {seconds} s")
            time.sleep(0.5)

    def eventually_equal(self, read, expected, what, seconds=15):
        return self.eventually(read, lambda value: value == expected, f"{what}, expected {expected!r}", seconds)
