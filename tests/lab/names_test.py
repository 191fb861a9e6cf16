# SPDX-License-Identifier: Apache-2.0
"""Cgroups come and go, and may be called almost anything."""

import time

from case import LabTest, label_of

ROOT = b"/sys/fs/cgroup"
HOSTILE = [
    b'quo"te', b"back\\slash", b"trailing\\", b"dev-disk\\x2dby\\x2did.swap",
    "größe-名前-🙂".encode(), b"bad\xff\xfeutf8", b"cut\xe5\x90", "replacement-\ufffd".encode(),
    b".hidden", b" space first", b"tab\there", b"bell\x07\x1b[31m", b"brace{a=\"b\",c!='d'} 1", b"# HELP x y", b"percent%s%n",
    b"x.service (deleted)", b"memory.current.d", b"cgroup.x", b"it's", b"$(reboot)", b"-rf", b"long" * 75,
]


def quoted(path):
    return b"'" + path.replace(b"'", b"'\\''") + b"'"


class NamesTest(LabTest):
    def cgroups_below(self, prefix):
        found = self.prometheus.query(f'cgroup_pids{{cgroup=~"{prefix}/.+"}}')
        return {labels["cgroup"] for labels, _ in found}

    def test_a_cgroup_appears_within_a_scrape_or_two_and_its_series_end_when_it_is_gone(self):
        self.machine.sh("mkdir /sys/fs/cgroup/fresh")
        started = time.monotonic()
        self.eventually(lambda: self.value("cgroup_pids", "/fresh"), lambda value: value == 0, "a new cgroup", seconds=12)
        appeared = time.monotonic() - started
        self.machine.sh("rmdir /sys/fs/cgroup/fresh")
        started = time.monotonic()
        for metric in ("cgroup_pids", "cgroup_info", "cgroup_memory_usage_bytes"):
            self.eventually_equal(lambda: self.series(metric, cgroup="/fresh"), [], f"{metric} of a removed cgroup", seconds=12)
        self.report(f"a new cgroup is stored after {appeared:.1f} s, a removed one is gone after {time.monotonic() - started:.1f} s")

    def test_any_name_arrives_as_one_label_value(self):
        paths = [b"/names/" + name for name in HOSTILE]
        make = b"".join(b"mkdir -- " + quoted(ROOT + path) + b"\n" for path in paths)
        self.machine.sh(b"mkdir /sys/fs/cgroup/names && enable_controllers /sys/fs/cgroup/names\n" + make)
        expected = {label_of(path) for path in paths}
        self.assertEqual(len(expected), len(HOSTILE))
        self.eventually_equal(lambda: self.cgroups_below("/names"), expected, "the hostile names")
        remove = b"".join(b"rmdir -- " + quoted(ROOT + path) + b"\n" for path in paths)
        self.machine.sh(remove + b"rmdir /sys/fs/cgroup/names")
        self.eventually_equal(lambda: self.cgroups_below("/names"), set(), "the hostile names after rmdir")
        self.report(f"hostile names: {len(HOSTILE)} stored as they should be")
