#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dashboards.py refuses what it should refuse."""

import copy
import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import dashboards  # noqa: E402

NODE = json.loads((dashboards.TOP / "dashboards/node.json").read_text())


def faults_after(change):
    broken = copy.deepcopy(NODE)
    change(broken, next(panel for panel in broken["panels"] if panel["type"] == "timeseries"))
    with tempfile.TemporaryDirectory() as root:
        path = pathlib.Path(root, "node.json")
        path.write_text(json.dumps(broken))
        return list(dashboards.faults_of(path))


def asking(expr):
    return lambda _, panel: panel["targets"][0].update(expr=expr)


SELECTOR = '{cluster=~"$cluster", job=~"$job", instance=~"$instance"}'
CHANGES = {
    "uid": lambda dashboard, _: dashboard.update(uid="other"),
    "editable": lambda dashboard, _: dashboard.update(editable=True),
    "inputs": lambda dashboard, _: dashboard.update(__inputs=[]),
    "links": lambda dashboard, _: dashboard.update(links=[]),
    "no datasource variable": lambda dashboard, _: dashboard["templating"]["list"].pop(0),
    "no instance variable": lambda dashboard, _: dashboard["templating"]["list"].pop(3),
    "label of a variable": lambda dashboard, _: dashboard["templating"]["list"][1].update(label="x"),
    "variable that is not reloaded": lambda dashboard, _: dashboard["templating"]["list"][1].update(refresh=1),
    "all of a variable": lambda dashboard, _: dashboard["templating"]["list"][2].update(allValue=".*"),
    "query of a variable": lambda dashboard, _: dashboard["templating"]["list"][2]["query"].update(query="up"),
    "id twice": lambda dashboard, panel: dashboard["panels"][0].update(id=panel["id"]),
    "title": lambda _, panel: panel.update(title=""),
    "description": lambda _, panel: panel.update(description=""),
    "datasource of a panel": lambda _, panel: panel.update(datasource={"type": "prometheus", "uid": "p1"}),
    "datasource of a target": lambda _, panel: panel["targets"][0].update(datasource={"type": "prometheus", "uid": "p1"}),
    "no targets": lambda _, panel: panel.update(targets=[]),
    "unit": lambda _, panel: panel["fieldConfig"]["defaults"].pop("unit"),
    "threshold": lambda _, panel: panel["fieldConfig"]["defaults"]["thresholds"]["steps"].append({"color": "red", "value": 0.42}),
    "selector without instance": asking('cgroup_pids{cluster=~"$cluster", job=~"$job"}'),
    "selector without matchers": asking("sum by (instance) (cgroup_pids)"),
    "instance that is equal": asking('cgroup_pids{cluster=~"$cluster", job=~"$job", instance="$instance"}'),
    "window": asking(f"rate(cgroup_cpu_usage_seconds_total{SELECTOR}[5m])"),
    "window after parentheses": asking(f'rate(cgroup_cpu_usage_seconds_total{SELECTOR[:-1]}, type=~"(a|b)"}}[5m])'),
    "counter": asking(f"sum(cgroup_cpu_usage_seconds_total{SELECTOR})"),
}


class Dashboards(unittest.TestCase):
    def test_accepts_ours(self):
        self.assertEqual(faults_after(lambda *_: None), [])

    def test_refuses(self):
        for name, change in CHANGES.items():
            with self.subTest(name):
                self.assertNotEqual(faults_after(change), [])


if __name__ == "__main__":
    unittest.main()
