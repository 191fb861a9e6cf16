# SPDX-License-Identifier: Apache-2.0
"""What docs/METRICS.md promises to come of the kernel's files: computed here from their text, and not by the exporter's parsers."""

import fnmatch
import pathlib
import re
from typing import NamedTuple

METRICS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/METRICS.md"

# What the kernel writes for "no limit": hugetlb a LONG_MAX that is rounded down to a page, which has 4, 16 or 64 KiB.
UNLIMITED = ("max", *(str((1 << 63) - (size << 10)) for size in (4, 16, 64)))

# Times are microseconds, but for these members of io.stat.
PER_SECOND = {"delay_nsec": 1e9, "win": 1e3}

# C ints, printed with a sign from 2^31 on.
INT32 = ("nr_periods", "nr_throttled", "nr_bursts")

# The keys of memory.stat that count something, by the kernel's memory_stats and vm events. All others are amounts.
COUNT = re.compile(r"workingset_|pg(?!tables)|pswp|swp(in|out)_|zswp|thp_(fault|collapse|swpout)|numa_")
CLASSES = {
    "keys that are bytes": lambda key: not COUNT.match(key),
    "keys that count": lambda key: COUNT.match(key),
    "unknown keys": lambda key: False,
    "keys that are devices": lambda key: re.fullmatch(r"\d+:\d+", key),
}


# The ledger of OOM kills and starts adds up what several cgroups had, also those that are gone: storm_test.py compares it with the kernel's total.
LEDGER = ("cgroup_oom_", "cgroup_container_starts_")


class Row(NamedTuple):
    """One metric that is made of one file."""
    metric: str
    type: str
    unit: str
    labels: list
    file: re.Pattern  # its groups are labels, as those of the key and the member
    field: str
    key: re.Pattern
    member: re.Pattern
    is_text: bool  # the member's value is a label
    is_wanted: object  # by key


def section(title):
    return METRICS.read_text().split(f"## {title}\n")[1].split("\n## ")[0]


def pattern(template):
    """ "nr_{subsystem}" as an expression with a group."""
    return re.compile(re.sub(r"\\\{\w+\\\}", r"([^.]+)", re.escape(template)))


def rows():
    table = re.findall(r"^\| `(cgroup_\w+)` \| (\w+) \| (\w*) \| ([\w, ]*) \| `([a-z]+\.[\w.{}]+)` ?([^|]*?) \|", METRICS.read_text(), re.MULTILINE)
    for metric, kind, unit, labels, file, source in table:
        if source.startswith("-") or metric.startswith(LEDGER):
            continue  # a difference: see derived()
        field, _, keys = source.partition(", ")
        words = field.split(" ")
        has_member = "=" in words[-1]
        member, _, text = words[-1].partition("=") if has_member else ("", "", "")
        key = words[0] if len(words) > 1 or not has_member else ""
        yield Row(metric, kind, unit, re.findall(r"\w+", labels), pattern(file), field, re.compile(pattern(key).pattern.replace("[^.]", ".")),
                  pattern(member), bool(text), CLASSES.get(keys, lambda key: True))


def number(row, field, text):
    """As it must stand in the exposition; nothing for "no limit"."""
    if text in UNLIMITED:
        return None
    if row.field == "1st / 2nd":
        quota, period = text.split()
        return None if quota == "max" else int(quota) / int(period)
    if row.unit == "ratio":
        return float(text.rstrip("%")) / 100
    if row.unit == "seconds":
        return int(text) / PER_SECOND.get(field, 1e6)
    return int(text) % 2**32 if field in INT32 else int(text)


def entries(lines):
    """(key, member, text) of keyed lines; flat keyed ones have no member, those of hugetlb's numa_stat no key."""
    for line in lines:
        words = line.split()
        key = "" if "=" in words[0] else words.pop(0)
        for word in words:
            member, equals, text = word.rpartition("=")
            yield key, member, text


def numbers_in(ranges):
    """How many there are in a list like "0-3,8"."""
    bounds = [part.split("-") for part in ranges.split(",") if part]
    return sum(int(part[-1]) - int(part[0]) + 1 for part in bounds)


def samples_of_line(row, text):
    """(labels, text of the value) of a file that is one line, or none."""
    if row.field == "(how many)":
        return [([], str(numbers_in(text)))] if text or re.search("effective|isolated", row.metric) else []
    if not text:
        return []
    if row.field.endswith("…"):
        return [([word], "1") for word in text.split()]
    if row.type == "info":
        return [([text], "1")]
    return [([], text.split()[1] if row.field == "2nd" else text)]


def is_line(row):
    return row.field in ("", "1st / 2nd", "2nd", "(how many)") or row.field.endswith("…") or (row.type == "info" and not row.is_text)


class Expected:
    """The samples that the files make, by (metric, cgroup, labels)."""

    def __init__(self, files, devices):
        self.values = {}
        self.left = set()  # (file, key, member) that no row takes
        self._devices = devices
        table = list(rows())
        for (cgroup, file), lines in files.items():
            self._take(cgroup, file, lines, [row for row in table if row.file.fullmatch(file)])

    def _take(self, cgroup, file, lines, takers):
        keyed = set() if any(map(is_line, takers)) else set(entries(lines))
        for row in takers:
            if is_line(row):
                for labels, text in samples_of_line(row, lines[0] if lines else ""):
                    self._put(row, cgroup, file, labels, "", text)
                continue
            for key, member, text in list(entries(lines)):
                of_key, of_member = row.key.fullmatch(key), row.member.fullmatch(member)
                if of_key and of_member and row.is_wanted(key):
                    keyed.discard((key, member, text))
                    labels = [*of_key.groups(), *of_member.groups()]
                    if row.is_text:
                        labels, text = [*labels, text], "1"
                    self._put(row, cgroup, file, labels, member or key, text)
        self.left |= {(file, key, member) for key, member, _ in keyed}

    def _put(self, row, cgroup, file, labels, field, text):
        value = number(row, field, text)
        if value is None:
            return
        labels = [*row.file.fullmatch(file).groups(), *labels]
        if "device" in row.labels:
            at = row.labels.index("device")
            labels[at] = self._devices.get(labels[at], labels[at])
        self.values[row.metric, cgroup, tuple(labels)] = value


def not_exported(file, key="", member=""):
    """Whether docs/METRICS.md says so of a key, or of the whole file."""
    for name, part in re.findall(r"^\| `([^`]+)` \| (\S*?) *\|", section("Not exported"), re.MULTILINE):
        if fnmatch.fnmatchcase(file, name) and (not part or fnmatch.fnmatchcase(member or key, part)):
            return True
    return False


def root_values(procfs):
    """What /proc says of the root: (metric, whether the files go before) -> value. `procfs` are lines by name."""
    values = {}
    for metric, file, field in re.findall(r"^\| `(\w+)` \| `/proc/([\w/]+)` ([^|]*?) \|", section("The root cgroup"), re.MULTILINE):
        lines = {words[0].rstrip(":"): words[1:] for words in map(str.split, procfs.get(file, []))}
        key, *rest = field.split(" ")
        if key not in lines:
            continue
        if rest and rest[-1].endswith("="):
            text = dict(word.split("=") for word in lines[key])[rest[-1][:-1]]
            values[metric] = int(text) / 1e6
        elif rest:
            values[metric] = (int(lines[key][0]) - int(lines[rest[-1]][0])) * 1024
        else:
            values[metric] = int(lines[key][0])
    return values


def derived(values, ram):
    """The metrics that are made of several files, by what `values` has of those."""
    made = {}
    current = {cgroup: value for (metric, cgroup, _), value in values.items() if metric == "cgroup_memory_usage_bytes"}
    limits = {cgroup: value for (metric, cgroup, _), value in values.items() if metric == "cgroup_memory_limit_bytes"}
    for cgroup, usage in current.items():
        names = cgroup.strip("/").split("/")
        path = ["/" + "/".join(names[:depth]) for depth in range(len(names) + 1)]
        bounds = [each for each in path if each in limits]
        made["cgroup_memory_effective_limit_bytes", cgroup, ()] = min([ram, *(limits[each] for each in bounds)])
        if bounds:
            made["cgroup_memory_headroom_bytes", cgroup, ()] = min(max(0, limits[each] - current[each]) for each in bounds)
        stat = lambda key: values["cgroup_memory_stat_bytes", cgroup, (key,)]
        made["cgroup_memory_working_set_bytes", cgroup, ()] = max(0, usage - stat("inactive_file"))
        made["cgroup_memory_unreclaimable_bytes", cgroup, ()] = max(0, usage - stat("active_file") - stat("inactive_file") - stat("slab_reclaimable"))
    return made | cpu_limits(values)


def cpu_limits(values):
    """The CPUs that the nearest cpuset has, and the smallest quota on the path."""
    made = {}
    of = lambda wanted: {cgroup: value for (metric, cgroup, _), value in values.items() if metric == wanted}
    quotas, cpus = of("cgroup_cpu_limit_cores"), of("cgroup_cpuset_effective_cpus")
    for cgroup in of("cgroup_cpu_usage_seconds_total"):
        names = cgroup.strip("/").split("/")
        path = ["/" + "/".join(names[:depth]) for depth in range(len(names) + 1)]
        nearest = [cpus[each] for each in path if cpus.get(each)][-1]
        made["cgroup_cpu_effective_limit_cores", cgroup, ()] = min([nearest, *(quotas[each] for each in path if each in quotas)])
    return made
