#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What scripts/scale is made of, without its servers: hosts that move, the comparison of answers, and the configurations that are shipped."""

import re
import sys
import unittest

import expressions
import node
import servers
import yaml

sys.path.append(str(servers.TESTS / "rules"))

import queries  # noqa: E402

ALARMING = node.ALARMING


class Nodes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = node.Node("host", 60, ALARMING[:2])
        cls.addClassCleanup(cls.node.__exit__)

    def read(self, path, file):
        return (self.node.cgroups / path / file).read_text()

    def value(self, path, file, key):
        return int(node.pattern(file, key).search(self.read(path, file))[1])

    def test_has_as_many_cgroups_as_asked_for(self):
        self.assertEqual(len(self.node.tree), 60)
        self.assertEqual(sum(1 for path in self.node.cgroups.rglob("*") if path.is_dir()), 60)

    def test_every_value_that_moves_is_in_its_file(self):
        path = self.node.pods[0].cgroups[1]
        for file, keys in node.MOVING.items():
            for key in keys:
                self.assertGreaterEqual(self.value(path, file, key), 0, (file, key))

    def test_grows_by_its_rates_and_never_shrinks(self):
        path = next(pod for pod in self.node.pods if pod.role == "busy").cgroups[1]
        before = self.value(path, node.CPU, "usage_usec")
        self.node.move(10, is_steady=True)
        self.assertEqual(self.value(path, node.CPU, "usage_usec") - before, 3_000_000)
        middle = self.value(path, node.CPU, "usage_usec")
        self.node.move(10)
        self.assertGreater(self.value(path, node.CPU, "usage_usec"), middle)

    def test_what_is_idle_does_not_move(self):
        path = next(pod for pod in self.node.pods if pod.role == "idle").cgroups[1]
        before = [self.read(path, file) for file in node.MOVING]
        self.node.move(10)
        self.assertEqual([self.read(path, file) for file in node.MOVING], before)

    def test_the_highest_use_grows_and_is_never_below_the_use(self):
        for role in ("spiking", "filling", "busy", "near its limit"):
            with node.Node("host", 20, [role]) as host:
                path = host.pods[0].cgroups[1]
                before = self.highest(host, path)
                for _ in range(50):
                    host.move(10)
                    self.assertGreaterEqual(self.highest(host, path), int((host.cgroups / path / node.MEMORY).read_text()))
                self.assertGreater(self.highest(host, path), before, role)

    def highest(self, host, path):
        return int((host.cgroups / path / node.PEAK).read_text())

    def test_a_kill_counts_in_the_cgroup_in_those_above_and_in_all(self):
        pod, kills = self.node.pods[0], self.node.kills
        above = self.value("kubepods.slice", node.EVENTS, "oom_kill")
        self.node.kill(pod)
        self.assertEqual(self.value(pod.cgroups[1], node.LOCAL, "oom_kill"), 1)
        self.assertEqual(self.value("kubepods.slice", node.EVENTS, "oom_kill"), above + 1)
        self.assertEqual(self.value("kubepods.slice", node.LOCAL, "oom_kill"), 0)
        self.assertIn(f"oom_kill {kills + 1:08}\n", (self.node.root / "proc/vmstat").read_text())

    def test_a_restart_makes_another_pod_of_the_same_workload(self):
        before = self.node.pods[-1]
        after = self.node.restart(before)
        self.assertFalse((self.node.cgroups / before.cgroups[0]).exists())
        self.assertNotEqual(before.name, after.name)
        self.assertEqual(before.name.rpartition("-")[0], after.name.rpartition("-")[0])
        self.assertEqual(len(self.node.tree), 60)
        self.assertEqual(len(list((self.node.root / "var/log/containers").iterdir())), 2 * len(self.node.pods))

    def test_a_container_that_restarts_keeps_its_names(self):
        pod = self.node.pods[0]
        names, before = pod.links[0].name.rsplit("-", 1)[0], pod.cgroups[1]
        self.node.restart_container(pod)
        self.assertEqual(pod.links[0].name.rsplit("-", 1)[0], names)
        self.assertNotEqual(pod.cgroups[1], before)
        self.assertEqual((self.node.cgroups / before).exists(), False)


class Answers(unittest.TestCase):
    def faults(self, expected, found, query="x", where=("node", "Hosts", "A"), tolerance=0.01):
        labelled = lambda values: {frozenset({("pod", name)}): value for name, value in values.items()}
        return list(expressions.differences(expressions.Question(where, query), labelled(expected), labelled(found), tolerance).values())

    def test_are_the_same(self):
        self.assertEqual(self.faults({"a": 1, "b": 0}, {"a": 1.005, "b": 0}), [])

    def test_lack_a_series_or_have_one_more_or_another_value(self):
        self.assertEqual(self.faults({"a": 1}, {}), ["{'pod': 'a'} is not there"])
        self.assertEqual(self.faults({}, {"a": 1}), ["{'pod': 'a'} is there"])
        self.assertEqual(self.faults({"a": 1}, {"a": 2}), ["{'pod': 'a'}: 2 instead of 1"])

    def test_may_differ_in_who_is_last_of_the_first_but_not_in_who_is_first(self):
        self.assertEqual(self.faults({"a": 3, "b": 1}, {"a": 3, "c": 1}, "topk(2, x)"), [])
        self.assertEqual(self.faults({"a": 3, "b": 1}, {"c": 3, "b": 1}, "topk(2, x)"), ["{'pod': 'a'} is not there"])
        self.assertEqual(self.faults({"a": 3, "b": 1}, {"a": 5, "b": 1}, "topk(2, x)")[0], "other values at the top")
        self.assertEqual(self.faults({"a": 3, "b": 1}, {"a": 3}, "topk(2, x)")[0], "1 series instead of 2")

    def test_may_differ_in_value_where_each_server_measures(self):
        self.assertEqual(self.faults({"a": 1}, {"a": 2}, where=("exporter", "Scrape duration", "A")), [])
        self.assertEqual(len(self.faults({"a": 1}, {}, where=("exporter", "Scrape duration", "A"))), 1)

    def test_of_another_engine_may_differ_in_the_value_of_an_increase(self):
        labels = frozenset()
        question = expressions.Question(("oom", "Kills", "A"), "sum(increase(x[1h]))")
        self.assertEqual(expressions.differences(question, {labels: 1.1}, {labels: 1.0}, 0.01, extrapolates=False), {})
        self.assertEqual(len(list(expressions.differences(question, {labels: 1.1}, {labels: 1.0}, 0.01))), 1)

    def test_a_rate_over_a_minute_may_differ_more(self):
        labels = frozenset()
        of_minute, of_five = (expressions.Question(("containers", "CPU used", "A"), f"rate(x[{window}])") for window in ("60s", "300s"))
        for extrapolates in (True, False):
            found = lambda question, value, other=extrapolates: len(expressions.differences(question, {labels: value}, {labels: 1.0}, 0.05, extrapolates=other))
            self.assertEqual([found(of_minute, 1.1), found(of_minute, 1.3), found(of_five, 1.1)], [0, 1, 1])

    def test_a_maximum_of_what_is_recorded_may_differ_more(self):
        labels = frozenset()
        found = lambda name, **engine: len(expressions.differences(expressions.Question(("recorded", name), name), {labels: 1.1}, {labels: 1.0}, 0.05, **engine))
        names = ("owner:cgroup_memory_unreclaimable_bytes:max_5m", "workload:cgroup_memory_recent_peak:ratio_max_1w", "owner:cgroup_memory_usage:ratio_max15m",
                 "owner:cgroup_memory_usage:ratio")
        self.assertEqual([found(name) for name in names], [0, 0, 0, 1])

    def test_of_another_engine_may_differ_in_the_value_of_the_cpu_time_of_a_new_series(self):
        labels = frozenset()
        question = expressions.Question(("recorded", "CPU"), "owner:cgroup_cpu_usage_seconds:max_1d")
        found = [len(expressions.differences(question, {labels: 2}, {labels: 1}, 0.05, extrapolates=other)) for other in (True, False)]
        self.assertEqual(found, [1, 0])

    def test_may_differ_in_how_much_of_a_day_was_seen_and_in_kills_of_a_minute(self):
        labels = frozenset()
        for query in ("workload:cgroup_memory_recent_peak_bytes:seen_ratio_1w", "sum(increase(cgroup_oom_kills_total[60s]))"):
            question = expressions.Question(("panel", "Panel"), query)
            self.assertEqual([len(expressions.differences(question, {labels: 3}, found, 0.05)) for found in ({labels: 2}, {})], [0, 1])

    def test_are_compared_without_external_labels(self):
        found = expressions.answer([({"__name__": "up", "cluster": "one", "pod": "a"}, 1.0), ({"pod": "b"}, float("nan"))])
        self.assertEqual(found, {frozenset({("pod", "a")}): 1.0})

    def test_are_of_every_alert_and_every_panel(self):
        class Empty:
            def get(self, *_, **__):
                return ["a", "b.c"]

        asked = list(expressions.questions(Empty(), 0, 1))
        alerts = [question for question in asked if question.where[0] == "alerts"]
        self.assertEqual(len(alerts), sum("alert" in rule for rule in queries.rules()))
        self.assertEqual(len(asked) - len(alerts), 2 * len(list(queries.dashboard_queries())))
        self.assertEqual([question for question in asked if re.search(r"\$(?!1\b)\w", question.query)], [])
        self.assertEqual({where for where in expressions.OF_ITS_OWN} - {question.where[:2] for question in asked}, set())


class Configurations(unittest.TestCase):
    def test_of_two_shards_differ_in_their_number_alone(self):
        first, second = (servers.scraper("shard.yml", ["a:1"], number, ["http://x/"]) for number in range(2))
        self.assertNotEqual(first, second)
        self.assertEqual(str(first).replace("'0'", "'1'"), str(second))

    def test_of_the_one_server_shares_nothing(self):
        self.assertEqual(set(servers.single(["a:1"])["scrape_configs"][0]) & {"relabel_configs"}, set())

    def test_of_the_agent_drops_nothing_that_is_asked_for(self):
        (write,) = servers.shipped("agent-shard.yml")["remote_write"]
        (rule,) = write["write_relabel_configs"]
        asked = [query for _, query in queries.dashboard_queries()] + [each["expr"] for each in queries.rules()]
        metrics = {metric for query in asked for metric, _ in queries.selectors(query)}
        self.assertEqual((rule["action"], {metric for metric in metrics if re.fullmatch(rule["regex"], metric)}), ("drop", set()))

    def test_of_the_shards_put_together_what_several_have(self):
        rules = yaml.safe_load((servers.RULES / "shards.yml").read_text())["groups"]
        recorded = {rule["record"]: rule["expr"] for group in rules for rule in group["rules"]}
        shared = {rule["record"] for rule in queries.rules() if "record" in rule and rule["record"].startswith(("workload:cgroup_", "namespace:cgroup_"))}
        self.assertEqual(recorded.keys(), shared)
        of_one = {rule["record"]: rule["expr"] for rule in queries.rules() if "record" in rule}
        for name, query in recorded.items():
            asked = [metric for metric, _ in queries.selectors(query)]
            follows = query == of_one[name] and set(asked) <= recorded.keys()  # from what the shards have in common
            self.assertTrue(follows or asked == [f"shard_{name}"], name)


if __name__ == "__main__":
    unittest.main()
