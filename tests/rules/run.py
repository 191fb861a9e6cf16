#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""promtool reads every rule and query, and runs the tests of the rules, which must cover every alert."""

import pathlib
import subprocess
import tempfile
import unittest

import yaml

import queries

HERE = pathlib.Path(__file__).resolve().parent
RUNBOOKS = yaml.safe_load((queries.TOP / "deploy/prometheus/thresholds.yml").read_text())["runbooks"]
TESTS = sorted(HERE.glob("*.yml"))
ALERTS = {rule["alert"] for rule in queries.rules() if "alert" in rule}


def promtool(*arguments):
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)


def check_rules(*paths):
    return promtool("check", "rules", "--lint=all", "--lint-fatal", *paths)


def complete(path):
    """A test with what promtool cannot know: where the rules are, wherever it stands itself, and where the runbooks are published."""
    return path.read_text().replace("../../deploy", str(queries.TOP / "deploy")).replace("RUNBOOKS", RUNBOOKS)


def expectations():
    """(test, minute, alert, severities that fire) of every alert that a test asks for, in the order of time."""
    for path in TESTS:
        for number, test in enumerate(yaml.safe_load(path.read_text())["tests"]):
            for each in sorted(test.get("alert_rule_test", []), key=lambda each: int(each["eval_time"].removesuffix("m"))):
                firing = [alert["exp_labels"]["severity"] for alert in each.get("exp_alerts", [])]
                yield f"{path.name}#{number}", int(each["eval_time"].removesuffix("m")), each["alertname"], firing


class Rules(unittest.TestCase):
    def test_promtool_accepts_the_rules(self):
        run = check_rules(*queries.RULES, queries.TOP / "deploy/prometheus/shards.yml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_the_rules_do_what_their_tests_say(self):
        for path in TESTS:
            with self.subTest(path.name), tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
                file.write(complete(path))
                file.flush()
                run = promtool("test", "rules", file.name)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_every_alert_fires_resolves_and_keeps_quiet(self):
        fired, resolved, quiet = set(), set(), {}
        for test, _, alert, firing in expectations():
            if firing:
                fired.add((test, alert))
            elif (test, alert) in fired:
                resolved.add(alert)
            quiet.setdefault((test, alert), True)
            quiet[test, alert] &= not firing
        self.assertEqual({alert for _, alert in fired}, ALERTS)
        self.assertEqual(resolved, ALERTS)
        self.assertEqual({alert for (_, alert), is_quiet in quiet.items() if is_quiet}, ALERTS)

    def test_the_rules_of_kubernetes_are_the_same(self):
        manifest = yaml.safe_load((queries.TOP / "deploy/kubernetes/components/prometheusrule/prometheusrule.yaml").read_text())
        groups = [group for path in queries.RULES for group in yaml.safe_load(path.read_text())["groups"]]
        self.assertEqual((manifest["kind"], manifest["spec"]["groups"]), ("PrometheusRule", groups))


class Queries(unittest.TestCase):
    def assert_parse(self, named_queries):
        rules = [{"record": f"query:number:{number}", "expr": queries.filled(query)} for number, (_, query) in enumerate(named_queries)]
        self.assertGreater(len(rules), 20)
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}, file)
            run = check_rules(file.name)
        where = "\n".join(f"query:number:{number} {place}" for number, (place, _) in enumerate(named_queries))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr + where)

    def test_of_dashboards_parse(self):
        self.assert_parse(list(queries.dashboard_queries()))

    def test_of_runbooks_parse(self):
        self.assert_parse(list(queries.runbook_queries()))


if __name__ == "__main__":
    unittest.main()
