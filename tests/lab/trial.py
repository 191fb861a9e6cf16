# SPDX-License-Identifier: Apache-2.0
"""Boots one kernel, waits until the stage is set, lets Prometheus scrape, and runs tests against what it stored."""

import contextlib
import pathlib
import signal
import sys
import tempfile
import time
import unittest

from case import LabTest
from machine import LAB, Machine
from prometheus import Prometheus


def wait_for_first_scrapes(machine, prometheus):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(value == 1 for _, value in prometheus.query("up")) and prometheus.query("count(cgroup_info)"):
            return
        time.sleep(0.5)
    sys.exit("Prometheus got nothing from the exporter, whose log says:\n" + machine.text("cat /run/exporter.log"))


def run_tests(cases):
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)
    return unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite).wasSuccessful()


def run(cases, kernel, binary, image=LAB, lifetime=240, scraper=Prometheus):
    """Prints what happens and returns the exit status. `scraper` makes a Prometheus of a port, a directory and a lifetime."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that `with` cleans up
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab.")))
        machine = stack.enter_context(Machine(kernel, binary, directory, lifetime, image))
        release = machine.text("uname -r")
        print(f"{release}: ready after {machine.boot_seconds:.1f} s", flush=True)
        prometheus = stack.enter_context(scraper(machine.metrics_port, directory, lifetime))
        wait_for_first_scrapes(machine, prometheus)
        LabTest.machine, LabTest.prometheus = machine, prometheus
        passed = run_tests(cases)
        if not passed:
            print(f"the console:\n{machine.console.read_text(errors='replace')}")
            print("the exporter's log:\n" + machine.text("cat /run/exporter.log"))
    print(f"{release}: {time.monotonic() - started:.0f} s in all")
    return 0 if passed else 1
