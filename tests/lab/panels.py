# SPDX-License-Identifier: Apache-2.0
"""Asks Prometheus what the panels of a dashboard ask it, with the variables filled in as Grafana does."""

import json
import pathlib
import re

DASHBOARDS = sorted((pathlib.Path(__file__).resolve().parents[2] / "dashboards").glob("*.json"))
LABEL_VALUES = re.compile(r"label_values\((.+), (\w+)\)")
STEP = 30  # seconds: `interval` of our panels, of which the test says that it is this
# max($__interval + scrape interval, 4 * scrape interval), where a data source's scrape interval is 15 s unless told otherwise.
INTERVALS = {"$__rate_interval": "60s", "$__range": "3600s"}


def filled(query, values):
    """`values` has the text for each variable. What is none, as $1 of label_replace, stays."""
    for name, text in INTERVALS.items():
        query = query.replace(name, text)
    return re.sub(r"\$(\w+)", lambda match: values.get(match[1], match[0]), query)


def chosen(values):
    """Several values as Grafana puts them into a regular expression: escaped for it, and for the string in which it stands."""
    either = "|".join(re.sub(r"[\\^$*+?.()|[\]{}]", r"\\\g<0>", value) for value in values)
    return json.dumps(f"({either})", ensure_ascii=False)[1:-1]


class Dashboard:
    """A dashboard over what was stored between `start` and `end`."""

    def __init__(self, path, prometheus, start, end):
        self.name = path.stem
        self._json = json.loads(path.read_text())
        self._prometheus = prometheus
        self._time = {"start": start, "end": end}

    def variables(self):
        """(name, values that can be chosen, text of "All") of each variable. A query sees what was chosen before it: all values."""
        texts = {}
        for variable in self._json["templating"]["list"]:
            if variable["type"] == "query":
                selector, label = LABEL_VALUES.fullmatch(variable["query"]["query"]).groups()
                values = self._prometheus.get(f"label/{label}/values", **{"match[]": filled(selector, texts)}, **self._time)
                texts[variable["name"]] = chosen(values)
                yield variable["name"], values, variable["allValue"]

    def panels(self):
        return [panel for panel in self._json["panels"] if panel["type"] != "row"]

    def answers(self, values):
        """((dashboard, title, refId), query, samples) of each target. `values` has the text for each variable."""
        for panel in self.panels():
            for target in panel["targets"]:
                query = filled(target["expr"], values)
                if target.get("instant"):
                    result = [series["value"] for series in self._prometheus.get("query", query=query, time=self._time["end"])["result"]]
                else:
                    found = self._prometheus.get("query_range", query=query, step=STEP, **self._time)["result"]
                    result = [sample for series in found for sample in series["values"]]
                yield (self.name, panel["title"], target["refId"]), query, [float(value) for _, value in result if value != "NaN"]
