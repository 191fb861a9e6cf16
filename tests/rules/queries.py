# SPDX-License-Identifier: Apache-2.0
"""The queries of dashboards, rules and runbooks, and the metrics that they name."""

import json
import pathlib
import re

import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
DASHBOARDS = sorted((TOP / "dashboards").glob("*.json"))
RULES = [TOP / "deploy/prometheus/recording.yml", TOP / "deploy/prometheus/alerts.yml"]
RUNBOOKS = sorted((TOP / "docs/runbooks").glob("*.md"))

STRING = r'"(?:[^"\\]|\\.)*"'
TOKEN = rf"{STRING}|\{{(?:{STRING}|[^}}\"])*\}}|\[[^\]]*\]|[\d.]+\w*|[a-zA-Z_:][\w:]*|\S"
GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
WORDS = GROUPING | {"and", "or", "unless", "bool", "offset"}


def panels(dashboard):
    """The panels of a dashboard, those in collapsed rows too."""
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", [])


def filled(query):
    """A query with Grafana's variables filled in, each with everything."""
    query = query.replace("$__rate_interval", "5m").replace("$__range", "1h").replace("$__interval", "1m")
    return re.sub(r'"\$\w+"', '".*"', query)


def rules():
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def dashboard_queries():
    """(where, query) of every panel's target, as it stands in the file."""
    for path in DASHBOARDS:
        for panel in panels(json.loads(path.read_text())):
            for target in panel.get("targets", []):
                yield f"{path.name}: {panel['title']}: {target['refId']}", target["expr"]


def runbook_queries():
    """(where, query) of every block of PromQL, one query per block or per paragraph in it."""
    for path in RUNBOOKS:
        for block in re.findall(r"^```promql\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL):
            for query in block.strip().split("\n\n"):
                yield path.name, query


def selectors(query):
    """(metric, what stands between its braces or None) of each selector of a query."""
    tokens = re.findall(TOKEN, query) + ["end", ""]
    place = 0
    while tokens[place] != "end":
        word, following = tokens[place], tokens[place + 1]
        if word in GROUPING and following == "(":
            place = tokens.index(")", place)
        elif re.match(r"[a-zA-Z_:]", word) and word not in WORDS and following not in GROUPING | {"("}:
            yield word, following[1:-1] if following.startswith("{") else None
        place += 1
