#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What rules written for the kubelet's endpoint make of ours: promtool gets the text of tests/golden/kubernetes as series."""

import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
TEXT = (HERE.parents[1] / "golden/kubernetes/cadvisor-kubelet.prom").read_text()
# As a monitor labels what it scrapes.
TARGET = {"job": "kubelet", "metrics_path": "/metrics/cadvisor", "instance": "n1:9306", "cluster": "c"}
# The recorded tree has no network namespaces. Interfaces are on the row of a pod's sandbox, and on that of the root.
NETWORK = ["container_network_receive_bytes_total", "container_network_transmit_bytes_total", "container_network_receive_packets_total",
           "container_network_transmit_packets_dropped_total"]
MINUTES = 15
APP = '{cluster="c", namespace="shop", pod="web-0", container="app"}'
POD = '{cluster="c", namespace="shop", pod="web-0"}'


def on_node(labels):
    return labels.replace("}", ', node="n1"}')


def samples():
    """(name, labels, value, whether it counts) of each line."""
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", TEXT, re.MULTILINE))
    for name, labels, value in re.findall(r'^(\w+)\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\} (\S+)$', TEXT, re.MULTILINE):
        yield name, labels, float(value), types[name] == "counter"
        if name == "container_threads" and ("/pause:" in labels or 'id="/"' in labels):
            for network in NETWORK:
                yield network, labels + ',interface="eth0"', 0.25, True


def series():
    """The series of promtool: a gauge stays, a counter gets a thousand times its value a second."""
    for name, labels, value, is_counter in samples():
        target = ",".join(f'{key}="{value}"' for key, value in TARGET.items())
        growth = f"+{round(value * 1000) * 60}" if is_counter else "+0"
        yield {"series": f"{name}{{{labels},{target}}}", "values": f"{value:g}{growth}x{MINUTES}"}
    yield {"series": 'kube_pod_info{cluster="c", namespace="shop", pod="web-0", node="n1", job="kube-state-metrics"}', "values": f"1x{MINUTES}"}


EXPECTED = {
    "container:cpu_usage_seconds:rate5m": {on_node(APP): 3700, on_node(POD): 30},
    "namespace:cpu_usage_seconds:rate5m": {'{cluster="c", namespace="shop"}': 3730},
    "container:memory_working_set_bytes": {on_node(APP): 280000, on_node(POD): 35000},
    "namespace:memory_working_set_bytes": {'{cluster="c", namespace="shop"}': 280000},
    "container:memory_rss": {on_node(APP): 80000, on_node(POD): 10000},
    "container:memory_cache": {on_node(APP): 160000, on_node(POD): 20000},
    "container:memory_swap": {on_node(APP): 0, on_node(POD): 0},
    "container:cpu_throttled_periods:ratio5m": {APP: 0.4},
    "pod:network_receive_bytes:rate5m": {POD: 250},
    "pod:network_transmit_bytes:rate5m": {POD: 250},
    "pod:network_receive_packets:rate5m": {POD: 250},
    "pod:network_transmit_packets_dropped:rate5m": {POD: 250},
    "container:fs_reads_bytes:rate5m": {APP: 4096000},
}


class Rules(unittest.TestCase):
    def test_every_rule_has_an_expectation(self):
        (group,) = yaml.safe_load((HERE / "recording.yml").read_text())["groups"]
        names = {rule["record"] for rule in group["rules"]}
        self.assertEqual(names, {*EXPECTED, "container:memory_limit:ratio"})

    def test_rules_for_the_kubelet_have_data(self):
        # A rate is off by a rounding error.
        expected = [{"expr": f"round({name}, 0.1)", "eval_time": f"{MINUTES}m", "exp_samples": [{"labels": labels, "value": value} for labels, value in values.items()]}
                    for name, values in EXPECTED.items()]
        expected.append({"expr": "count by (pod, container) (container:memory_limit:ratio)", "eval_time": f"{MINUTES}m",
                         "exp_samples": [{"labels": '{pod="web-0", container="app"}', "value": 1}]})
        test = {"rule_files": [str(HERE / "recording.yml")], "evaluation_interval": "1m",
                "tests": [{"interval": "1m", "input_series": list(series()), "promql_expr_test": expected}]}
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            yaml.safe_dump(test, file, width=10000)
            file.flush()
            run = subprocess.run(["promtool", "test", "rules", file.name], capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
