# SPDX-License-Identifier: Apache-2.0
"""Alerts and dashboards on one kernel under load."""

import dataclasses
import sys

import alarms_test
import rules_in_short
import trial
from machine import LAB
from prometheus import Prometheus

IMAGE = dataclasses.replace(LAB, disk_bytes=4 << 30)  # so much that nothing has to be read twice


def scraper(port, directory, lifetime):
    return Prometheus(port, directory, lifetime, jobs={"cgroups": {}}, labels={"cluster": "lab", "instance": "machine"},
                      rules=rules_in_short.files(directory))


if __name__ == "__main__":
    sys.exit(trial.run([alarms_test.AlarmsTest], *sys.argv[1:], image=IMAGE, lifetime=420, scraper=scraper))
