#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails where docs/metrics-choice.md is not what the catalog has, or where something that is shipped uses what the set lean lacks.

A page may name a metric that lean lacks if it also names the switch that shows it, such as --collector.pids or --collectors=standard.
"""

import pathlib
import re
import sys
from typing import NamedTuple

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/rules"))

import queries  # noqa: E402


class Family(NamedTuple):
    collector: str
    is_on: bool  # by default
    lean: str  # the cell of docs/METRICS.md

    @property
    def keys(self):
        """Those that lean shows, or None: all."""
        return None if ":" not in self.lean else {key for part in self.lean.split("; ") for key in part.split(": ")[1].split(", ")}


# What rules and dashboards need besides, where it is switched on: without it they record and show nothing.
OPTIONAL = "--collector.memory_recent_peak --collector.pressure_bursts"


def families(text):
    """Name -> Family of each row of METRICS.md."""
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        head = section.partition("\n")[0]
        for row in re.findall(r"^\| `(cgroup_\w+)` \|(?:[^|]*\|){5} ?([^|]*?) ?\|[^|]*\|$", section, re.MULTILINE):
            found[row[0]] = Family(head, "Off by default" not in section, row[1])
    return found


def choice(text):
    """Name -> what the table of metrics-choice.md says of lean, of each name in the order of the rows."""
    for cell, lean in re.findall(r"^\| (`cgroup_[^|]*) \| ?([^|]*?) ?\|[^|]+\|$", text, re.MULTILINE):
        yield from ((name, lean) for name in re.findall(r"`(\w+)`", cell))


def faults_of_choice(text, known):
    rows = list(choice(text))
    names = [name for name, _ in rows]
    yield from (f"{name} stands there twice" for name in sorted({name for name in names if names.count(name) > 1}))
    wanted = {name for name, family in known.items() if family.is_on}
    yield from (f"{name} is missing" for name in sorted(wanted - set(names)))
    yield from (f"{name} is not on by default" for name in sorted(set(names) - wanted))
    for name, lean in rows:
        if name in wanted and lean != known[name].lean:
            yield f"{name}: \"{lean}\", but the catalog has \"{known[name].lean}\""


def matches(pattern, keys):
    """Whether every alternative of a pattern of keys is among these, one at least of those that it matches."""
    return all(any(re.fullmatch(part, key) for key in keys) for part in alternatives(pattern))


def alternatives(pattern):
    """"a_(b|c)|d" -> a_b, a_c, d."""
    group = re.search(r"\(([^()]*)\)", pattern)
    if group:
        return [one for word in group[1].split("|") for one in alternatives(pattern[:group.start()] + word + pattern[group.end():])]
    return pattern.split("|")


def switches(text):
    """Names of the collectors that a text says to switch on; "standard" for all of them."""
    return set(re.findall(r"--collector\.(\w+)", text)) | set(re.findall(r"--collectors=(\w+)", text))


def faults_of_query(query, known, page=""):
    """What a query uses that lean lacks and that the page around it does not tell how to get."""
    for metric, matchers in queries.selectors(query):
        family = known.get(metric)
        if family is None or switches(page) & {family.collector, "standard", "full"}:
            continue
        if not family.lean:
            yield f"{metric} is not in lean"
        elif family.keys is not None:
            for pattern in re.findall(r'\b(?:type|event)=~?"([^"]*)"', matchers or ""):
                if not matches(pattern, family.keys):
                    yield f"{metric} has not all of {pattern} in lean"


def faults_of_prose(text, known):
    """The same of names in the text of a page, whose switches count for all of it."""
    for name in sorted(set(re.findall(r"\bcgroup_\w+", text))):
        family = known.get(name)
        if family and not family.lean and not switches(text) & {family.collector, "standard", "full"}:
            yield f"{name} is not in lean"


def faults(known):
    for where, query in queries.dashboard_queries():
        yield from (f"{where}: {fault}" for fault in faults_of_query(query, known, OPTIONAL))
    for rule in queries.rules():
        yield from (f"{rule.get('alert') or rule['record']}: {fault}" for fault in faults_of_query(rule["expr"], known, OPTIONAL))
    for path in queries.DASHBOARDS:
        for metric in re.findall(r"label_values\((\w+)", path.read_text()):
            yield from (f"{path.name}: {fault}" for fault in faults_of_query(metric, known))
    pages = {path.name: path.read_text() for path in [TOP / "README.md", *queries.RUNBOOKS]}
    for where, query in queries.runbook_queries():
        yield from (f"{where}: {fault}" for fault in faults_of_query(query, known, pages[where]))
    for name, text in pages.items():
        yield from (f"{name}: {fault}" for fault in faults_of_prose(text, known))


def main():
    known = families((TOP / "docs/METRICS.md").read_text())
    found = [f"docs/metrics-choice.md: {fault}" for fault in faults_of_choice((TOP / "docs/metrics-choice.md").read_text(), known)]
    found += faults(known)
    if len(known) < 150:
        found.append(f"docs/METRICS.md has only {len(known)} families")
    print("\n".join(found) or "what is shipped finds what it uses in lean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
