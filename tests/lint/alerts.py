#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails where alerts, runbooks, dashboards and documents do not fit together, or name a metric that is not there."""

import pathlib
import re
import sys
import unittest

import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/rules"))

import queries  # noqa: E402

METRICS = (TOP / "docs/METRICS.md").read_text()
THRESHOLDS = yaml.safe_load((TOP / "deploy/prometheus/thresholds.yml").read_text())
ALERTS = [rule for rule in queries.rules() if "alert" in rule]
RECORDED = {rule["record"] for rule in queries.rules() if "record" in rule}
OF_PROMETHEUS = {"up", "scrape_duration_seconds", "scrape_samples_scraped"}
# Of another exporter, where that is scraped, too.
OF_KUBE_STATE_METRICS = {"kube_pod_container_resource_requests", "kube_pod_container_resource_limits"}
# Of a collector that is off by default. Rules record nothing without it, and alerts are silent.
OF_RIGHT_SIZING = {"cgroup_memory_recent_peak_bytes", "cgroup_pressure_bursts_total"}
SECTIONS = ["What it means", "What to look at", "What to do"]


def metrics_of(text):
    """Names in the first column of the tables of METRICS.md; of a histogram those of its series."""
    for name, kind in re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE):
        yield from [name] if kind != "histogram" else [name + suffix for suffix in ("", "_bucket", "_sum", "_count")]


def sections():
    return re.split(r"^## ", METRICS, flags=re.MULTILINE)


ALL = set(metrics_of(METRICS))
OFF = {name for section in sections() if "Off by default" in section for name in metrics_of(section)}
COLLECTORS = set(re.findall(r"^\| \[(\w+)\]", METRICS, re.MULTILINE))


class Metrics(unittest.TestCase):
    def assert_known(self, where, query, known):
        for metric, _ in queries.selectors(query):
            self.assertIn(metric, known | RECORDED | OF_PROMETHEUS | OF_KUBE_STATE_METRICS | OF_RIGHT_SIZING, where)

    def test_of_the_document_are_read(self):
        self.assertGreater(len(ALL), 150)
        self.assertGreater(len(OFF), 50)

    def test_of_rules_exist_and_are_on_by_default(self):
        for rule in queries.rules():
            self.assert_known(rule.get("alert") or rule["record"], rule["expr"], ALL - OFF)

    def test_of_dashboards_exist_and_are_on_by_default(self):
        for where, query in queries.dashboard_queries():
            self.assert_known(where, query, ALL - OFF)

    def test_of_runbooks_exist(self):
        for where, query in queries.runbook_queries():
            self.assert_known(where, query, ALL)

    def test_of_documents_exist(self):
        files = {path.stem for path in (TOP / "src").rglob("cgroup_*")}
        others = COLLECTORS | files | {"cgroup_ns", "cgroup_disable"}
        for path in {TOP / "README.md", TOP / "CHANGELOG.md", *(TOP / "docs").rglob("*.md")} - {TOP / "docs/METRICS.md"}:
            # What "(" follows is a function of the kernel.
            words = set(re.findall(r"(?<![\w:])(?:cgroup|process)_\w+(?![\w(])|\w+:cgroup_[\w:]*\w", path.read_text()))
            self.assertEqual(words - ALL - RECORDED - others, set(), path)

    def test_of_containers_dashboard_lists_them_by_what_exists(self):
        for path in queries.DASHBOARDS:
            for metric in re.findall(r"label_values\((\w+)", path.read_text()):
                self.assertIn(metric, ALL)


class Alerts(unittest.TestCase):
    def test_say_what_they_have_to(self):
        for rule in ALERTS:
            with self.subTest(rule["alert"]):
                self.assertIn(rule["labels"]["severity"], ("critical", "warning", "info"))
                self.assertEqual(set(rule["annotations"]), {"summary", "description", "runbook_url"})
                self.assertNotIn("{{", rule["annotations"]["summary"])
                self.assertIn("{{ $labels.", rule["annotations"]["description"] + "{{ $labels." * (rule["alert"] == "CgroupExporterAbsent"))
                self.assertEqual(rule["annotations"]["runbook_url"], f"{THRESHOLDS['runbooks']}/{rule['alert']}.md")

    def test_have_a_runbook_each_and_the_overview_lists_them(self):
        pages = {path.stem for path in queries.RUNBOOKS} - {"README"}
        self.assertEqual(pages, {rule["alert"] for rule in ALERTS})
        overview = (TOP / "docs/runbooks/README.md").read_text()
        listed = dict(re.findall(r"^\| \[\w+\]\((\w+)\.md\) \| ([\w, ]+) \|", overview, re.MULTILINE))
        severities = {alert: ", ".join(rule["labels"]["severity"] for rule in ALERTS if rule["alert"] == alert) for alert in pages}
        self.assertEqual(listed, severities)

    def test_runbooks_say_what_it_means_what_to_look_at_and_what_to_do(self):
        for path in queries.RUNBOOKS:
            if path.stem != "README":
                self.assertEqual(re.findall(r"^#+ (.*)", path.read_text(), re.MULTILINE), [path.stem, *SECTIONS], path)

    def test_use_every_threshold(self):
        source = (TOP / "deploy/prometheus/alerts.in.yml").read_text()
        for name in THRESHOLDS:
            self.assertTrue(name == "runbooks" or re.search(rf"[@ ]{name}@", source), name)


if __name__ == "__main__":
    unittest.main()
