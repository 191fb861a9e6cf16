# SPDX-License-Identifier: Apache-2.0
"""The exposition against the kernel's files, read here and not by the exporter's parsers; docs/METRICS.md says what comes from where."""

import re

from case import LabTest
from interface_test import METRICS

# Memory that is charged in batches comes and goes while nothing runs but the exporter.
SLACK_BYTES = 4 << 20

# What reads the files runs here, and not while the exporter is asked.
READER = ("/system.slice", "/system.slice/control.service")


def rows():
    """(metric, file, field, unit) of the metrics whose value is one number or one key of a file."""
    pattern = r"^\| `(cgroup_\w+)` \| (?:gauge|counter) \| (\w*) \| (\w*) \| `([a-z.]+)`( \{\w+\}| [\w.]+)? \|"
    for metric, unit, label, file, field in re.findall(pattern, METRICS.read_text(), re.MULTILINE):
        yield metric, unit, label, file, field.strip()


def number(text, metric, unit, field):
    """The value as it must stand in the exposition; nothing for "no limit"."""
    if text == "max":
        return None
    if unit == "ratio":
        return float(text) / 100
    if unit == "seconds":
        return int(text) / 1e6
    if metric in ("cgroup_cpu_periods_total", "cgroup_cpu_throttled_periods_total", "cgroup_cpu_burst_periods_total"):
        return int(text) % 2**32
    return int(text)


class ValuesTest(LabTest):
    def files(self):
        """(cgroup, file) -> lines."""
        found = {}
        listing = self.machine.sh("cd /sys/fs/cgroup && find . -type f -perm -0400 -exec grep '' /dev/null {} + 2>/dev/null || true", timeout=120)
        for line in listing.decode("utf-8", "surrogateescape").splitlines():
            path, separator, text = line.partition(":")
            cgroup, slash, file = path[1:].rpartition("/")
            found.setdefault((cgroup or "/", file), []).append(text)
        return found

    def expected(self, files):
        values = {}
        for metric, unit, label, file, field in rows():
            for (cgroup, name), lines in files.items():
                if name != file:
                    continue
                if field == "2nd":
                    pairs = [(field, lines[0].split()[1])]
                elif not field and len(lines) == 1:
                    pairs = [("", lines[0])]
                else:
                    pairs = [tuple(line.split(" ")) for line in lines if line.count(" ") == 1]
                for key, text in pairs:
                    if key == field or field.startswith("{"):
                        shown = key if field.startswith("{") else ""
                        value = number(text, metric, unit, field)
                        if value is not None:
                            values[metric, cgroup, shown] = value
        return values

    def test_every_value_is_the_files(self):
        # A number that came and went between the readings is not there the second time.
        for last in (False, False, True):
            try:
                return self.compare()
            except AssertionError:
                if last:
                    raise

    def compare(self):
        before = self.expected(self.files())
        self.machine.sh("sleep 1.5")  # a scrape may get what was read a second ago
        body = self.machine.fetch().decode()
        after = self.expected(self.files())
        metrics = {metric: label for metric, _, label, _, _ in rows()}
        shown = {}
        for metric, labels, value in re.findall(r'^(cgroup_\w+)\{(.*)\} (\S+)$', body, re.MULTILINE):
            if metric in metrics:
                named = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
                shown[metric, named["cgroup"], named.get(metrics[metric], "")] = float(value)
        wrong = {}
        for series in before.keys() & after.keys():
            is_gauge_of_bytes = series[0].endswith("_bytes")
            if series[0] in ("cgroup_pids", "cgroup_memory_usage_bytes") and series[1] in READER:
                continue
            slack = SLACK_BYTES if is_gauge_of_bytes and before[series] != after[series] else 0
            low, high = sorted((before[series], after[series]))
            if series not in shown or not low - slack <= shown[series] <= high + slack:
                wrong[series] = (before[series], shown.get(series), after[series])
        self.assertEqual(wrong, {})
        self.assertGreater(len(before), 1000)
        unknown = {series for series in shown.keys() - before.keys() - after.keys() if series[1] != "/"}
        self.assertEqual(unknown, set(), "series of which no file has the value")
        self.report(f"{len(before.keys() & after.keys())} values compared")
