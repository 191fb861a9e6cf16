# SPDX-License-Identifier: Apache-2.0
"""What dashboards and alerts ask, what servers answer, and whether two answers are the same."""

import json
import math
import pathlib
import re
import sys
from typing import NamedTuple

import yaml

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TESTS / "lab"))

from panels import DASHBOARDS, LABEL_VALUES, chosen, filled  # noqa: E402

ALERTS = TESTS.parent / "deploy/prometheus/alerts.yml"

# Each server measures these itself, or an exporter tells another number at each scrape: only who has a value is compared.
OF_ITS_OWN = {
    ("exporter", "Scrape duration"), ("exporter", "Age of values"), ("exporter", "Oldest values"), ("exporter", "CPU"), ("exporter", "Memory"),
    ("exporter", "Open descriptors"), ("exporter", "Collectors"), ("exporter", "Poll duration"),
    ("exporter", "Questions for names"),
}

# A rate over a minute has four scrapes, and the made-up hosts move in steps of some seconds: so it may differ by this.
OF_OTHER_INSTANTS = 0.2

# A maximum of what is recorded is that of other instants in each server.
MAXIMUM = re.compile(r":(?:ratio_)?(?:max|p99)_?(?:5m|15m|1d|1w)\b")

# What is recorded every four minutes of CPU time: the rate of a series that has just begun is that of the time that VictoriaMetrics saw, while Prometheus
# divides by the whole window.
OF_FIRST_MINUTES = re.compile(r":cgroup_cpu_\w+:(?:ratio_)?(?:max|p99)_(?:5m|1d|1w)\b")

# VictoriaMetrics finds more series here: a container whose first start it sees has started once, for Prometheus no time more than before.
COUNTED_FROM_ZERO = {("containers", "Starts")}


class Question(NamedTuple):
    where: tuple  # (dashboard, panel, target, which variables) or ("alerts", name, severity)
    query: str

    def has_value(self, extrapolates=True):
        """Whether two servers must find the same numbers, and not only the same series. Prometheus extrapolates increase() to its window, VictoriaMetrics
        counts, and takes a new series to have begun at 0. A minute has three kills, for one server, and two for another. How much of a day was seen goes by
        how often each has recorded it so far."""
        is_counted = "increase" in self.query
        if self.where[:2] in OF_ITS_OWN or "seen_ratio" in self.query or (is_counted and "[60s]" in self.query):
            return False
        return extrapolates or not (is_counted or OF_FIRST_MINUTES.search(self.query))


def variables(dashboard, api, start, end):
    """(name, values to choose from, text of All) of each variable, as a server answers."""
    texts = {}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            selector, label = LABEL_VALUES.fullmatch(variable["query"]["query"]).groups()
            values = api.get(f"label/{label}/values", **{"match[]": filled(selector, texts)}, start=start, end=end)
            texts[variable["name"]] = chosen(values)
            yield variable["name"], values, variable["allValue"]


def panel_questions(dashboard, name, texts, which):
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield Question((name, panel["title"], target["refId"], which), filled(target["expr"], texts))


def alert_questions():
    for group in yaml.safe_load(ALERTS.read_text())["groups"]:
        for rule in group["rules"]:
            yield Question(("alerts", rule["alert"], rule["labels"]["severity"]), rule["expr"])


def questions(api, start, end):
    """Every target of every panel with all chosen, and with each value chosen by name; and every alert."""
    for path in DASHBOARDS:
        dashboard = json.loads(path.read_text())
        found = list(variables(dashboard, api, start, end))
        yield from panel_questions(dashboard, path.stem, {name: text for name, _, text in found}, "all")
        yield from panel_questions(dashboard, path.stem, {name: chosen(values) for name, values, _ in found}, "chosen")
    yield from alert_questions()


def answer(result):
    """Labels -> value. `cluster` is an external label, which a server adds when a series leaves it; MetricsQL keeps some names of metrics."""
    return {frozenset((name, value) for name, value in labels.items() if name not in ("__name__", "cluster")): value for labels, value in result if not math.isnan(value)}


def is_near(one, other, tolerance):
    return abs(one - other) <= tolerance * max(abs(one), abs(other)) + 1e-9


def without_least(found, tolerance):
    """Of a topk() what is clearly above the least: who is last among equals is chance."""
    least = min(found.values(), default=0)
    return {labels: value for labels, value in found.items() if not is_near(value, least, tolerance)}


def differences(question, expected, found, tolerance, extrapolates=True):
    """Labels -> a sentence about them; nothing if the two answers are the same. None stands for no labels: the answers as a whole."""
    has_value = question.has_value(extrapolates)
    if "[60s]" in question.query or MAXIMUM.search(question.query):
        tolerance = max(tolerance, OF_OTHER_INSTANTS)
    faults = {}
    if "topk(" in question.query:
        if len(expected) != len(found):
            faults[None] = f"{len(found)} series instead of {len(expected)}"
        rank = lambda values: sorted(values.values(), reverse=True)
        if has_value and not all(is_near(one, other, tolerance) for one, other in zip(rank(expected), rank(found))):
            faults[None] = "other values at the top"
        faults |= {labels: f"{dict(labels)} is not there" for labels in without_least(expected, tolerance).keys() - found.keys()}
        expected = {labels: value for labels, value in expected.items() if labels in found}
        found = {labels: value for labels, value in found.items() if labels in expected}
    faults |= {labels: f"{dict(labels)} is not there" for labels in expected.keys() - found.keys()}
    if extrapolates or question.where[:2] not in COUNTED_FROM_ZERO:
        faults |= {labels: f"{dict(labels)} is there" for labels in found.keys() - expected.keys()}
    if has_value:
        faults |= {labels: f"{dict(labels)}: {found[labels]:.6g} instead of {expected[labels]:.6g}" for labels in expected.keys() & found.keys()
                   if not is_near(expected[labels], found[labels], tolerance)}
    return faults
