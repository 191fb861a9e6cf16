# SPDX-License-Identifier: Apache-2.0
"""The rules that are shipped, with alerts that wait for seconds instead of minutes, and groups that are evaluated as often as all others. Expressions
stay as they are."""

import pathlib
import re

import yaml

from prometheus import SCRAPE_SECONDS, evaluation_ms

RULES = pathlib.Path(__file__).resolve().parents[2] / "deploy/prometheus"
SECONDS = {"s": 1, "m": 60, "h": 3600}
DIVISOR = 300
# Of an emulated machine a scrape may fail: alerts on the exporter have to bear some in a row, as they do where nothing is shortened.
DIVISORS = {"cgroup-exporter": 15}


def shortened(duration, divisor, interval):
    number, unit = re.fullmatch(r"(\d+)([smh])", duration).groups()
    # Longer than from one scrape to the next, so that what only one of them sees is no alert here either.
    least = interval * 1000 + evaluation_ms(interval)
    return f"{max(int(number) * SECONDS[unit] * 1000 // divisor, least)}ms"


def alerts(interval=SCRAPE_SECONDS):
    """alerts.yml as data, for scrapes every `interval` seconds."""
    rules = yaml.safe_load((RULES / "alerts.yml").read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            if "for" in rule:
                rule["for"] = shortened(rule["for"], DIVISORS.get(group["name"], DIVISOR), interval)
    return rules


def files(directory, interval=SCRAPE_SECONDS):
    """The files that Prometheus has to read: that of the alerts is written to `directory`."""
    path = directory / "alerts.yml"
    path.write_text(yaml.safe_dump(alerts(interval)))
    recording = yaml.safe_load((RULES / "recording.yml").read_text())
    for group in recording["groups"]:
        group.pop("interval", None)
    (directory / "recording.yml").write_text(yaml.safe_dump(recording))
    return [directory / "recording.yml", path]
