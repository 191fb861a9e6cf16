# SPDX-License-Identifier: Apache-2.0
"""The tests on a node with a real kubelet."""

import contextlib
import pathlib
import signal
import sys
import tempfile
import time

import exporter_pods
import node_cadvisor_test
import node_case
import node_kills_test
import node_names_test
import node_profiles_test
import node_values_test
import rules_in_short
import trial
import workloads
from case import LabTest
from machine import Machine
from node import EXPORTERS, KUBELET, Node, image
from prometheus import Prometheus

# In this order: pods of the first are looked at by those after it.
CASES = [
    node_kills_test.CrashLoopTest, node_names_test.NamesTest, node_values_test.ValuesTest, node_cadvisor_test.CadvisorTest,
    node_profiles_test.MinimalTest, node_profiles_test.NamesTest, node_profiles_test.FullTest, node_kills_test.RestartTest,
]
LIFETIME = 1450
KERNEL = "6.12"
# One machine has what kustomize makes, the other what the chart does.
SOURCES = {"systemd": "kustomize", "cgroupfs": "chart"}


def start_exporters(node, source):
    pods = [exporter_pods.static_pod(profile, source) for profile in EXPORTERS]
    node.apply(*pods)
    node.wait_until_ready(*pods)
    node_case.relay(node)


def main(driver):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that `with` cleans up
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab.")))
        machine = stack.enter_context(Machine(KERNEL, "none", directory, LIFETIME, image(driver)))
        node = Node(machine)
        print(f"{machine.text('uname -r')} {driver} {SOURCES[driver]}: ready after {machine.boot_seconds:.1f} s", flush=True)
        start_exporters(node, SOURCES[driver])
        print(f"exporters ready after {time.monotonic() - started:.1f} s", flush=True)
        node.apply(*workloads.LASTING)
        node.wait_until_ready(*workloads.LASTING)
        print(f"pods ready after {time.monotonic() - started:.1f} s", flush=True)
        asked = {profile: ("/metrics", port) for profile, port in EXPORTERS.items()} | {"kubelet": ("/metrics/cadvisor", KUBELET), "cadvisor": ("/metrics/cadvisor", EXPORTERS["full"])}
        jobs = {name: {"metrics_path": path, "static_configs": [{"targets": [f"127.0.0.1:{machine.ports[port]}"]}]} for name, (path, port) in asked.items()}
        # An emulated kubelet that has containers to start answers late.
        jobs["kubelet"] |= {"scrape_interval": "30s", "scrape_timeout": "30s"}
        prometheus = stack.enter_context(Prometheus(
            machine.metrics_port, directory, LIFETIME, interval=node_case.SCRAPE_SECONDS, jobs=jobs, rules=rules_in_short.files(directory, node_case.SCRAPE_SECONDS)))
        LabTest.machine, LabTest.prometheus = machine, prometheus
        node_case.NodeTest.node, node_case.NodeTest.driver = node, driver
        passed = trial.run_tests(CASES)
        if not passed:
            print(f"the console:\n{machine.console.read_text(errors='replace')[-5000:]}")
    print(f"{driver}: {time.monotonic() - started:.0f} s in all")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
