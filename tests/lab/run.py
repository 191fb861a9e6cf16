# SPDX-License-Identifier: Apache-2.0
"""Boots one kernel, sets the stage, lets Prometheus scrape, and runs the tests against what it stored."""

import contextlib
import pathlib
import signal
import sys
import tempfile
import time
import unittest

import families_test
import identity_test
import interface_test
import limits_test
import load_test
import names_test
import service_test
import values_test
from case import LabTest
from machine import Machine
from prometheus import Prometheus

# In this order: the last one stops the exporter.
CASES = [
    interface_test.InterfaceTest, families_test.FamiliesTest, values_test.ValuesTest, identity_test.IdentityTest, limits_test.LimitsTest,
    load_test.LoadTest, names_test.NamesTest,
    service_test.ExpositionTest, service_test.LogTest, service_test.LifecycleTest,
]


def wait_for_first_scrapes(machine, prometheus):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(value == 1 for _, value in prometheus.query("up")) and prometheus.query("count(cgroup_info)"):
            return
        time.sleep(0.5)
    sys.exit("Prometheus got nothing from the exporter, whose log says:\n" + machine.text("cat /run/exporter.log"))


def run_tests():
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in CASES)
    return unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite).wasSuccessful()


def main(kernel, binary):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that `with` cleans up
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab.")))
        machine = stack.enter_context(Machine(kernel, binary, directory))
        release = machine.text("uname -r")
        print(f"{release}: ready after {machine.boot_seconds:.1f} s", flush=True)
        prometheus = stack.enter_context(Prometheus(machine.metrics_port, directory))
        wait_for_first_scrapes(machine, prometheus)
        LabTest.machine, LabTest.prometheus = machine, prometheus
        passed = run_tests()
        if not passed:
            print(f"the console:\n{machine.console.read_text(errors='replace')}")
            print("the exporter's log:\n" + machine.text("cat /run/exporter.log"))
    print(f"{release}: {time.monotonic() - started:.0f} s in all")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
