#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The chart in deploy/helm. What it renders from ci/*-values.yaml is kept in rendered/ with a sum of the chart, so that it can be judged
where there is no helm; where there is one, it renders anew. UPDATE=1 writes rendered/."""

import copy
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import jsonschema

import kustomize
from kubernetes import faults, rights

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
CHART = TOP / "deploy/helm/cgroup2-exporter"
RENDERED = pathlib.Path(__file__).resolve().parent / "rendered"
CASES = sorted(path.name.removesuffix("-values.yaml") for path in (CHART / "ci").iterdir())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())


def load(path):
    (document,) = kustomize.load_all(path.read_text())
    return document


def merged(base, over):
    """As helm lays one file of values over another."""
    result = copy.deepcopy(base)
    for key, value in over.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
    return result


def values(case):
    return merged(load(CHART / "values.yaml"), load(CHART / f"ci/{case}-values.yaml"))


def problems(changes):
    validator = jsonschema.Draft7Validator(SCHEMA)
    return list(validator.iter_errors(merged(load(CHART / "values.yaml"), changes)))


def chart_sum():
    total = hashlib.sha256()
    for path in sorted(CHART.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            total.update(f"{path.relative_to(CHART)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def helm(*arguments, check=True):
    return subprocess.run(["helm", *arguments], capture_output=True, text=True, check=check)


def render(case):
    return helm("template", "test", str(CHART), "--kube-version", "1.34.0", "--namespace", "monitoring", "--values", str(CHART / f"ci/{case}-values.yaml"))


def leaves(tree, path=()):
    """What a user sets: a map that has defaults is a path to them, unless it goes to Kubernetes as it is."""
    whole = ("config", "affinity", "updateStrategy", "resources", "nodeSelector", "podAnnotations", "podLabels")
    for key, value in tree.items():
        here = (*path, key)
        if isinstance(value, dict) and value and here[0] not in whole:
            yield from leaves(value, here)
        else:
            yield ".".join(here)


class ValuesTest(unittest.TestCase):
    def test_the_defaults_and_every_case_fit_the_schema(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        for case in CASES:
            self.assertEqual(list(jsonschema.Draft7Validator(SCHEMA).iter_errors(values(case))), [], case)

    WRONG = [
        {"profile": "all"}, {"profil": "names"}, {"image": {"repo": "x"}}, {"image": {"tag": 1}}, {"image": {"digest": "sha256:12"}},
        {"bundles": "/run/containerd"}, {"bundles": "/run"}, {"bundles": "/var/run/docker.sock"}, {"config": {"path": {"kmsg": "/dev/kmsg"}}},
        {"config": {"web": {"listen_address": [":1"]}}}, {"config": {"collectors": {"io": "no"}}}, {"config": {"log": {"level": "loud"}}},
        {"extraArgs": ["once"]}, {"extraArgs": "--once"}, {"podMonitor": {"interval": "often"}}, {"podMonitor": {"enable": True}},
        {"resources": {"limits": {"memory": "much"}}}, {"updateStrategy": {"type": "Now"}}, {"networkPolicy": {"enabled": "yes"}}, {"tolerations": {}},
    ]

    def test_wrong_values_are_refused(self):
        for wrong in self.WRONG:
            self.assertNotEqual(problems(wrong), [], wrong)

    def test_every_value_is_in_the_schema_the_readme_and_a_template(self):
        rows = re.findall(r"^\| `([^`]+)` \|", (CHART / "README.md").read_text(), re.MULTILINE)
        self.assertEqual(sorted(rows), sorted(leaves(load(CHART / "values.yaml"))))
        text = "".join(path.read_text() for path in (CHART / "templates").iterdir())
        for name in rows:
            group, _, rest = name.partition(".")
            self.assertTrue(f".Values.{name}" in text or (group in ("podMonitor", "serviceMonitor") and f".monitor.{rest}" in text), name)

    def test_the_readme_shows_the_defaults(self):
        shown = dict(re.findall(r"^\| `([^`]+)` \| `([^`]*)` \|", (CHART / "README.md").read_text(), re.MULTILINE))
        for name, text in shown.items():
            value = load(CHART / "values.yaml")
            for part in name.split("."):
                value = value[part]
            self.assertEqual(text, json.dumps(value), name)

    def test_the_groups_of_the_configuration_are_the_programs(self):
        groups = set(load(TOP / "config/cgroup2_exporter.yaml"))
        self.assertEqual(set(SCHEMA["properties"]["config"]["properties"]), groups - {"path"})

    def test_versions_are_the_programs(self):
        version = re.search(r"VERSION ([0-9.]+) ", (TOP / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(load(CHART / "Chart.yaml")["appVersion"], version)


class RenderedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.environ.get("UPDATE") == "1":
            for case in CASES:
                (RENDERED / f"{case}.yaml").write_text(render(case).stdout)
            (RENDERED / "chart.sum").write_text(chart_sum() + "\n")
        cls.rendered = {case: kustomize.load_all((RENDERED / f"{case}.yaml").read_text()) for case in CASES}

    def daemonset(self, case):
        (found,) = [one for one in self.rendered[case] if one["kind"] == "DaemonSet"]
        return found

    def test_it_was_rendered_from_this_chart(self):
        self.assertEqual((RENDERED / "chart.sum").read_text().strip(), chart_sum(), "UPDATE=1 tests/deploy/chart.py with helm renders anew")
        self.assertEqual(sorted(path.stem for path in RENDERED.glob("*.yaml")), CASES)

    @unittest.skipUnless(shutil.which("helm"), "no helm")
    def test_helm_renders_the_same(self):
        for case in CASES:
            self.assertEqual(render(case).stdout, (RENDERED / f"{case}.yaml").read_text(), case)
        helm("lint", "--strict", str(CHART))

    @unittest.skipUnless(shutil.which("helm"), "no helm")
    def test_helm_refuses_wrong_values(self):
        for wrong in ValuesTest.WRONG:
            words = [word for key, value in wrong.items() for word in ("--set-json", f"{key}={json.dumps(value)}")]
            done = helm("template", "test", str(CHART), "--kube-version", "1.34.0", *words, check=False)
            self.assertNotEqual(done.returncode, 0, wrong)
            self.assertIn("schema", done.stderr, wrong)

    def test_all_fit_the_schemas_of_kubernetes(self):
        for case, resources in self.rendered.items():
            self.assertEqual([fault for one in resources for fault in faults(one)], [], case)

    def test_each_profile_has_the_rights_of_the_kustomize_profile(self):
        for profile in ("minimal", "names", "full"):
            (daemonset,) = [one for one in kustomize.build(TOP / "deploy/kubernetes/profiles" / profile) if one["kind"] == "DaemonSet"]
            self.assertEqual(rights(self.daemonset(profile)), rights(daemonset), profile)

    def test_selectors_find_the_pods(self):
        for case, resources in self.rendered.items():
            labels = self.daemonset(case)["spec"]["template"]["metadata"]["labels"]
            for one in resources:
                selector = one.get("spec", {}).get("podSelector") or one.get("spec", {}).get("selector") or {}
                self.assertLessEqual((selector.get("matchLabels") or selector).items(), labels.items(), f"{case}: {one['kind']}")

    def test_values_arrive(self):
        resources = self.rendered["everything"]
        pod = self.daemonset("everything")["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        wanted = values("everything")
        self.assertTrue(container["image"].endswith("@" + wanted["image"]["digest"]))
        self.assertIn("--log.format=json", container["args"])
        (config,) = [one for one in resources if one["kind"] == "ConfigMap"]
        self.assertEqual(kustomize.load_all(config["data"]["config.yaml"]), [wanted["config"]])
        self.assertNotIn("priorityClassName", pod)
        self.assertNotIn("tolerations", pod)
        kinds = {one["kind"]: one for one in resources}
        self.assertNotIn("NetworkPolicy", kinds)
        self.assertNotIn("ServiceAccount", kinds)
        self.assertEqual(kinds["PodMonitor"]["spec"]["podMetricsEndpoints"][0]["path"], "/cgroups")


if __name__ == "__main__":
    unittest.main()
