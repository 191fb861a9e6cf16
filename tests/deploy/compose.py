#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compose.py EXPORTER: the stack in deploy/compose, as docker-compose reads it. Nothing of it is started: the images of Prometheus and Grafana
are not to be had offline."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import kustomize

EXPORTER = pathlib.Path(sys.argv.pop(1)).resolve()
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = TOP / "deploy/compose"
RULES = "/etc/prometheus/rules"


def run(*words):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def load(path):
    (document,) = kustomize.load_all(path.read_text())
    return document


def mounts(service):
    """(source, target, whether it is read-only) of every volume, as docker-compose prints the short form and the long one."""
    for volume in service.get("volumes", []):
        if isinstance(volume, str):
            source, target, *mode = volume.split(":")
            yield source, target, mode == ["ro"]
        else:
            yield volume["source"], volume["target"], volume.get("read_only", False)


class ComposeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (cls.compose,) = kustomize.load_all(run("docker-compose", "--file", FILES / "compose.yaml", "config"))
        cls.services = cls.compose["services"]

    def source_of(self, service, target):
        (source,) = [source for source, place, _ in mounts(self.services[service]) if place == target]
        return pathlib.Path(source)

    def test_every_mount_is_a_file_of_ours_a_volume_or_a_right_that_the_readme_names(self):
        said = set(re.findall(r"^\| (read /\S+|write the volume \w+|user \d+) \|", (FILES / "README.md").read_text(), re.MULTILINE))
        exporter = self.services["exporter"]
        found = {f"user {exporter['user'].split(':')[0]}"}
        for name, service in self.services.items():
            for source, target, is_read_only in mounts(service):
                if source in self.compose["volumes"]:
                    found |= {f"write the volume {source}"} if name == "exporter" else set()
                elif pathlib.Path(source).is_relative_to(TOP):
                    self.assertTrue(pathlib.Path(source).exists(), source)
                    self.assertTrue(is_read_only, source)
                else:
                    self.assertEqual((name, target, is_read_only), ("exporter", "/host" + source, True))
                    found.add(f"read {source}")
        self.assertEqual(found, said)

    def test_the_exporter_has_no_other_right(self):
        exporter = dict(self.services["exporter"])
        self.assertEqual(exporter.pop("networks", {"default": None}), {"default": None})  # version 2 states what is the default
        self.assertEqual(set(exporter), {"build", "cap_drop", "command", "expose", "image", "mem_limit", "read_only", "restart", "security_opt", "user", "volumes"})
        self.assertEqual((exporter["cap_drop"], exporter["security_opt"], exporter["read_only"]), (["ALL"], ["no-new-privileges:true"], True))

    def test_recent_peaks_take_a_writable_mount_and_a_flag_and_nothing_else(self):
        (merged,) = kustomize.load_all(run("docker-compose", "--file", FILES / "compose.yaml", "--file", FILES / "recent-peaks.yaml", "config"))
        before, after = self.services["exporter"], merged["services"]["exporter"]
        self.assertEqual(after["command"], [*before["command"], "--collector.memory_recent_peak"])
        self.assertEqual(run(EXPORTER, "--config.check", *after["command"]), "configuration OK\n")
        writable = set(mounts(after)) - set(mounts(before))
        self.assertEqual(writable, {("/sys/fs/cgroup", "/host/sys/fs/cgroup", False)})
        self.assertEqual(len(list(mounts(after))), len(list(mounts(before))))
        self.assertEqual({key for key in before | after if before.get(key) != after.get(key)}, {"command", "volumes"})

    def test_the_exporter_takes_its_flags(self):
        self.assertEqual(run(EXPORTER, "--config.check", *self.services["exporter"]["command"]), "configuration OK\n")

    def test_images_are_pinned_and_ours_is_this_version(self):
        version = re.search(r"VERSION ([0-9.]+) ", (TOP / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(self.services["exporter"]["image"], "cgroup2-exporter:" + version)
        context = self.services["exporter"]["build"]
        context = context["context"] if isinstance(context, dict) else context
        self.assertTrue((pathlib.Path(context) / "Dockerfile").samefile(TOP / "Dockerfile"))
        for name in ("prometheus", "grafana"):
            self.assertRegex(self.services[name]["image"], r":v?\d+\.\d+\.\d+$")

    def test_ports_are_open_on_this_host_only(self):
        for name, service in load(FILES / "compose.yaml")["services"].items():
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), name)

    def test_prometheus_takes_its_configuration_with_the_rules(self):
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy(self.source_of("prometheus", "/etc/prometheus/prometheus.yml"), directory)
            (pathlib.Path(directory) / "rules").mkdir()
            for source, target, _ in mounts(self.services["prometheus"]):
                if target.startswith(RULES + "/"):
                    shutil.copy(source, pathlib.Path(directory) / "rules" / pathlib.Path(target).name)
            said = run("promtool", "check", "config", f"{directory}/prometheus.yml")
        self.assertIn("SUCCESS: 2 rule files found", said)
        self.assertEqual(len(re.findall(r"SUCCESS: \d+ rules found", said)), 2, said)

    def test_prometheus_scrapes_the_exporter_under_a_name_that_the_alerts_know(self):
        (job,) = load(FILES / "prometheus.yml")["scrape_configs"]
        (port,) = self.services["exporter"]["expose"]
        self.assertEqual(job["static_configs"], [{"targets": [f"exporter:{port}"]}])
        self.assertIn(f"EXPOSE {port}\n", (TOP / "Dockerfile").read_text())
        self.assertRegex(job["job_name"], "^(" + load(TOP / "deploy/prometheus/thresholds.yml")["job"] + ")$")
        self.assertTrue(job["honor_labels"])

    def test_grafana_finds_prometheus_and_the_dashboards(self):
        provisioning = self.source_of("grafana", "/etc/grafana/provisioning")
        (datasource,) = load(provisioning / "datasources/prometheus.yaml")["datasources"]
        self.assertEqual((datasource["type"], datasource["url"], datasource["isDefault"]), ("prometheus", "http://prometheus:9090", True))
        self.assertEqual(datasource["jsonData"]["timeInterval"], load(FILES / "prometheus.yml")["global"]["scrape_interval"])
        (provider,) = load(provisioning / "dashboards/cgroup2.yaml")["providers"]
        self.assertEqual(provider["type"], "file")
        dashboards = self.source_of("grafana", provider["options"]["path"])
        self.assertTrue(dashboards.samefile(TOP / "dashboards"))
        home = self.services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        self.assertTrue((dashboards / pathlib.Path(home).name).exists())
        self.assertEqual(str(pathlib.Path(home).parent), provider["options"]["path"])

    def test_every_file_for_grafana_is_of_the_first_version(self):
        files = sorted((FILES / "grafana").rglob("*.yaml"))
        self.assertEqual(len(files), 2)
        for file in files:
            self.assertEqual(load(file)["apiVersion"], 1, file)

    def test_the_readme_starts_this_file(self):
        for path in re.findall(r"--file (\S+)", (FILES / "README.md").read_text()):
            self.assertTrue((TOP / path).samefile(FILES / "compose.yaml"))


if __name__ == "__main__":
    unittest.main()
