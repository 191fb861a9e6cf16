#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails for a dashboard that breaks a rule of Grafana's dashboard-linter or of ours.

    dashboards.py [FILE…]     without files: those of dashboards/
"""

import json
import pathlib
import re
import sys

import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/rules"))

import queries  # noqa: E402

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
UNITS = {"short", "none", "bytes", "percentunit", "s", "ops", "Bps"}
THRESHOLDS = yaml.safe_load((TOP / "deploy/prometheus/thresholds.yml").read_text())
LABEL_VALUES = re.compile(r"label_values\(([\w:]+)(\{[^}]*\})?, (\w+)\)")
# Workloads are on many hosts, and requests of Kubernetes on none.
WORKLOADS = ['cluster=~"$cluster"']
HOSTS = ['job=~"$job"', 'instance=~"$instance"', 'cluster=~"$cluster"']


def faults_of_dashboard(dashboard, path):
    if dashboard.get("uid") != f"cgroup2-{path.stem}":
        yield f"the uid is not cgroup2-{path.stem}"
    if dashboard.get("editable") is not False:
        yield "it is editable"
    if dashboard.get("schemaVersion", 0) < 39 or "__inputs" in dashboard:
        yield "it is no file to provision for Grafana 10"
    if not dashboard.get("title") or not dashboard.get("description"):
        yield "title or description is missing"
    links = [link for link in dashboard.get("links", []) if link["type"] == "dashboards" and set(link["tags"]) <= set(dashboard["tags"])]
    if not any(link["includeVars"] and link["keepTime"] for link in links):
        yield "no link to the other dashboards keeps variables and time"


def faults_of_variables(dashboard):
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    source = variables.pop("datasource", {})
    if (source.get("type"), source.get("query"), source.get("label")) != ("datasource", "prometheus", "Data source"):
        yield "there is no variable datasource for Prometheus, called Data source"
    yield from (f"there is no variable {name}" for name in ("cluster", "job", "instance") if name not in variables)
    for name, variable in variables.items():
        if variable["type"] != "query" or variable["datasource"] != SOURCE:
            yield f"variable {name} is no query of the variable datasource"
        if variable["label"] != name.capitalize() or not variable["multi"] or variable["refresh"] != 2:
            yield f"variable {name} has another label, no choice of several, or no refresh with the time"
        if variable["allValue"] != (".+" if name in ("job", "instance") else ".*"):
            yield f"all of variable {name} is not what it should be"
        if not LABEL_VALUES.fullmatch(variable["query"]["query"]):
            yield f"variable {name} is no label_values(selector, label)"


def faults_of_panel(panel):
    if not panel.get("title") or not panel.get("description", "").endswith("."):
        yield "title is missing, or description is no sentence"
    if panel.get("datasource") != SOURCE or any(target["datasource"] != SOURCE for target in panel.get("targets", [])):
        yield "the data source is not the variable"
    if not panel.get("targets"):
        yield "there are no targets"
    defaults = panel["fieldConfig"]["defaults"]
    if defaults.get("unit") not in UNITS:
        yield f"unit {defaults.get('unit')}"
    values = [step["value"] for step in defaults["thresholds"]["steps"] if step["value"] is not None]
    yield from (f"threshold {value} is not in thresholds.yml" for value in values if value not in THRESHOLDS.values())
    if panel["type"] == "timeseries" and values and defaults["custom"]["thresholdsStyle"]["mode"] == "off":
        yield "thresholds are not shown"
    for target in panel.get("targets", []):
        yield from faults_of_query(target["expr"], "since boot" in panel["description"])


def faults_of_query(query, may_show_counters):
    for function, window in re.findall(r'\b(rate|irate)\((?:"[^"]*"|[^()"])*?\[(.+?)\]', query):
        if window != "$__rate_interval":
            yield f"{function} over {window}"
    for metric, matchers in queries.selectors(query):
        needed = WORKLOADS if metric.startswith("workload:") else HOSTS
        yield from (f"{metric} lacks {matcher}" for matcher in needed if matcher not in (matchers or "").split(", "))
        if metric.endswith("_total") and not may_show_counters and not re.search(rf"\b(rate|irate|increase|count)\({metric}\b", query):
            yield f"{metric} is a counter without rate or increase"


def faults_of(path):
    dashboard = json.loads(path.read_text())
    yield from faults_of_dashboard(dashboard, path)
    yield from faults_of_variables(dashboard)
    for panel in queries.panels(dashboard):
        if panel["type"] != "row":
            yield from (f"{panel.get('title')}: {fault}" for fault in faults_of_panel(panel))
    ids = [panel["id"] for panel in queries.panels(dashboard)]
    if len(ids) != len(set(ids)):
        yield "two panels have one id"


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]] or queries.DASHBOARDS
    faults = [f"{path.name}: {fault}" for path in paths for fault in faults_of(path)]
    if len(paths) == 0:
        faults.append("there are no dashboards")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
