#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The chart in deploy/helm: its values, and what it renders from ci/*-values.yaml. Debian has no helm, but Go and the libraries whose templates
and functions helm uses: render/main.go renders with them. Where there is a helm, it must render the same."""

import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import jsonschema

import kustomize
from kubernetes import faults, rights

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
CHART = TOP / "deploy/helm/cgroup2-exporter"
CASES = sorted(path.name.removesuffix("-values.yaml") for path in (CHART / "ci").iterdir())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())


def load(path):
    (document,) = kustomize.load_all(path.read_text())
    return document


def merged(base, over):
    """As helm lays one file of values over another: null takes a default away."""
    result = copy.deepcopy(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
    return result


def chosen(case):
    return load(CHART / f"ci/{case}-values.yaml")


def values(case):
    return merged(load(CHART / "values.yaml"), chosen(case))


def problems(changes):
    validator = jsonschema.Draft7Validator(SCHEMA)
    return list(validator.iter_errors(merged(load(CHART / "values.yaml"), changes)))


GOCODE = pathlib.Path("/usr/share/gocode")
SPRIG = GOCODE / "src/github.com/Masterminds/sprig"


class Renderer:
    """render/main.go, built."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="chart.")
        self.program = f"{self.directory.name}/render"
        # Newer packages of sprig have it under the name of its major version alone.
        if (SPRIG / "v3").is_dir():
            place = pathlib.Path(self.directory.name, "go", SPRIG.relative_to(GOCODE))
            place.parent.mkdir(parents=True)
            place.symlink_to(SPRIG / "v3")
        environment = {**os.environ, "GOPATH": f"{self.directory.name}/go:{GOCODE}", "GO111MODULE": "off", "GOFLAGS": "", "GOCACHE": f"{self.directory.name}/cache"}
        subprocess.run(["/usr/bin/go", "build", "-o", self.program, "."], cwd=pathlib.Path(__file__).resolve().parent / "render", env=environment, check=True)

    def __call__(self, chosen, release="test", namespace="monitoring"):
        """Template -> its text, from these values in the place of some defaults."""
        about = load(CHART / "Chart.yaml")
        seen = {
            "Values": merged(load(CHART / "values.yaml"), chosen),
            "Chart": {"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
            "Release": {"Name": release, "Namespace": namespace, "Service": "Helm"},
        }
        done = subprocess.run([self.program, str(CHART)], input=json.dumps(seen), stdout=subprocess.PIPE, text=True, check=True)
        assert "<no value>" not in done.stdout, "helm writes nothing there"
        return dict(re.findall(r"^---\n# Source: (\S+)\n(.*?)(?=^---\n# Source|\Z)", done.stdout, re.MULTILINE | re.DOTALL))

    def resources(self, chosen, **options):
        return [one for name, text in self(chosen, **options).items() if name.endswith(".yaml") for one in kustomize.load_all(text)]


def helm(*arguments, check=True):
    return subprocess.run(["helm", *arguments], capture_output=True, text=True, check=check)


def leaves(tree, path=()):
    """What a user sets: a map that has defaults is a path to them, unless it goes to Kubernetes as it is."""
    whole = ("config", "affinity", "updateStrategy", "resources", "nodeSelector", "podAnnotations", "podLabels", "kubeRbacProxy.resources")
    for key, value in tree.items():
        here = (*path, key)
        if isinstance(value, dict) and value and ".".join(here) not in whole:
            yield from leaves(value, here)
        else:
            yield ".".join(here)


class ValuesTest(unittest.TestCase):
    def test_the_defaults_and_every_case_fit_the_schema(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        for case in CASES:
            self.assertEqual(list(jsonschema.Draft7Validator(SCHEMA).iter_errors(values(case))), [], case)

    WRONG = [
        {"profile": "minimal", "memoryRecentPeak": True}, {"memoryRecentPeak": "yes"},
        {"profile": "all"}, {"profil": "names"}, {"image": {"repo": "x"}}, {"image": {"tag": 1}}, {"image": {"digest": "sha256:12"}},
        {"bundles": "/run/containerd"}, {"bundles": "/run"}, {"bundles": "/var/run/docker.sock"},
        {"bundles": "/run/../data/io.containerd.runtime.v2.task"}, {"config": {"path": {"kmsg": "/dev/kmsg"}}},
        {"config": {"web": {"listen_address": [":1"]}}}, {"config": {"collectors": {"io": "no"}}}, {"config": {"collectors": {"set": "all"}}}, {"config": {"log": {"level": "loud"}}},
        {"extraArgs": ["once"]}, {"extraArgs": "--once"}, {"podMonitor": {"interval": "often"}}, {"podMonitor": {"enable": True}}, {"cadvisor": {"enabled": "yes"}}, {"cadvisor": {"path": "/"}},
        {"resources": {"limits": {"memory": "much"}}}, {"updateStrategy": {"type": "Now"}}, {"networkPolicy": {"enabled": "yes"}}, {"tolerations": {}},
        {"profile": None}, {"serviceAccount": None}, {"podMonitor": {"interval": None}}, {"networkPolicy": {"from": []}}, {"networkPolicy": {"from": None}},
        {"nameOverride": "My App"}, {"fullnameOverride": "a: b"}, {"serviceAccount": {"name": "A"}}, {"priorityClassName": "a: b"},
        {"config": {"web": {"telemetry_path": "/a: b"}}}, {"podLabels": {"app.kubernetes.io/name": "other"}},
        {"podMonitor": {"additionalLabels": {"helm.sh/chart": "other"}}}, {"podMonitor": {"enabled": True}, "serviceMonitor": {"enabled": True}},
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
        renderer = Renderer()
        cls.addClassCleanup(renderer.directory.cleanup)
        cls.renderer = renderer
        cls.rendered = {case: renderer.resources(chosen(case)) for case in CASES}

    def daemonset(self, case):
        (found,) = [one for one in self.rendered[case] if one["kind"] == "DaemonSet"]
        return found

    @unittest.skipUnless(shutil.which("helm"), "no helm")
    def test_helm_renders_the_same(self):
        name = lambda one: (one["kind"], one["metadata"]["name"])
        for case in CASES:
            done = helm("template", "test", str(CHART), "--kube-version", "1.34.0", "--namespace", "monitoring", "--values", str(CHART / f"ci/{case}-values.yaml"))
            self.assertEqual(sorted(kustomize.load_all(done.stdout), key=name), sorted(self.rendered[case], key=name), case)
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

    def test_recent_peaks_take_a_writable_mount_and_a_flag(self):
        for case in CASES:
            (container,) = [one for one in self.daemonset(case)["spec"]["template"]["spec"]["containers"] if one["name"] == "exporter"]
            (mount,) = [one for one in container["volumeMounts"] if one["name"] == "cgroup"]
            is_on = values(case)["memoryRecentPeak"]
            self.assertEqual((mount["readOnly"], "--collector.memory_recent_peak" in container["args"]), (not is_on, is_on), case)
        self.assertTrue(values("everything")["memoryRecentPeak"])

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

    def test_bundles_elsewhere_come_with_the_flags_that_say_so(self):
        def flags(**chosen):
            (daemonset,) = [one for one in self.renderer.resources({"profile": "names", **chosen}) if one["kind"] == "DaemonSet"]
            (container,) = daemonset["spec"]["template"]["spec"]["containers"]
            return [arg for arg in container["args"] if arg.startswith(("--path.containerd", "--path.storage"))]
        self.assertEqual(flags(), [])
        self.assertEqual(flags(bundles="/run/containers/storage/overlay-containers"), [])
        self.assertEqual(flags(bundles="/data/io.containerd.runtime.v2.task"), ["--path.containerd-state=/data"])
        self.assertEqual(flags(bundles="/data/vfs-containers"), ["--path.storage-graphroot=/data", "--path.storage-runroot=/data"])
        self.assertEqual(flags(bundles="/data/vfs-containers", profile="minimal"), [])

    def test_the_notes_say_how_to_look_at_it(self):
        notes = self.renderer({})["NOTES.txt"]
        for words in ("with the profile minimal", "networkPolicy.from", "kubernetes.io/metadata.name: monitoring", "--namespace monitoring port-forward daemonset/test-cgroup2-exporter 9306", "9306/metrics", "Set podMonitor.enabled"):
            self.assertIn(words, notes)
        notes = self.renderer(chosen("everything"))["NOTES.txt"]
        self.assertIn("9306/cgroups", notes)
        self.assertNotIn("podMonitor", notes)

    def test_names_that_look_like_numbers_are_names(self):
        for wanted in ("2024", "true", "0x1f"):
            resources = self.renderer.resources({"fullnameOverride": wanted, "nameOverride": wanted, "priorityClassName": wanted, "serviceAccount": {"name": wanted},
                                                 "podMonitor": {"enabled": True}}, release=wanted, namespace=wanted)
            self.assertEqual([fault for one in resources for fault in faults(one)], [])
            self.assertEqual({(one["metadata"]["name"], one["metadata"]["namespace"]) for one in resources}, {(wanted, wanted)})

    def test_what_is_taken_away_is_nothing(self):
        for name in ("config", "extraArgs", "extraContainers", "extraVolumes", "extraVolumeMounts", "imagePullSecrets", "podAnnotations", "podLabels", "priorityClassName", "nodeSelector", "tolerations", "affinity"):
            self.assertEqual(problems({name: None}), [], name)
            resources = self.renderer.resources({name: None, "podMonitor": {"enabled": True}})
            self.assertEqual([fault for one in resources for fault in faults(one)], [], name)

    def test_a_class_of_the_systems_has_its_quota_and_another_none(self):
        quotas = lambda chosen: [one["spec"]["scopeSelector"]["matchExpressions"][0]["values"] for one in self.renderer.resources(chosen) if one["kind"] == "ResourceQuota"]
        self.assertEqual(quotas({}), [["system-node-critical"]])
        self.assertEqual(quotas({"priorityClassName": "own"}), [])

    def test_alerts_find_the_job_whatever_the_release_is_called(self):
        for kind, key in (("podMonitor", "podMetricsEndpoints"), ("serviceMonitor", "endpoints")):
            resources = self.renderer.resources({kind: {"enabled": True}, "nameOverride": "other"})
            (monitor,) = [one for one in resources if one["kind"].lower() == kind.lower()]
            (endpoint,) = monitor["spec"][key]
            self.assertIn({"action": "replace", "targetLabel": "job", "replacement": "cgroup2-exporter"}, endpoint["relabelings"])
            self.assertNotIn("scrapeTimeout", endpoint)

    def test_cadvisors_names_are_scraped_as_those_of_the_kubelet(self):
        for kind, key in (("podMonitor", "podMetricsEndpoints"), ("serviceMonitor", "endpoints")):
            chosen = {kind: {"enabled": True, "relabelings": [{"action": "labeldrop", "regex": "x"}]}, "config": {"web": {"telemetry_path": "/m"}}}
            (monitor,) = [one for one in self.renderer.resources({**chosen, "cadvisor": {"enabled": True}}) if one["kind"].lower() == kind.lower()]
            (plain,) = [one for one in self.renderer.resources(chosen) if one["kind"].lower() == kind.lower()]
            native, cadvisor = monitor["spec"][key]
            self.assertEqual([native], plain["spec"][key])
            self.assertEqual((native["path"], cadvisor["path"]), ("/m", "/metrics/cadvisor"))
            self.assertTrue(cadvisor["honorLabels"])
            static = {one["targetLabel"]: one["replacement"] for one in cadvisor["relabelings"] if "replacement" in one}
            self.assertEqual(static, {"job": "kubelet", "metrics_path": "/metrics/cadvisor"})
            of_node = {one["targetLabel"] for one in cadvisor["relabelings"] if one.get("sourceLabels") == ["__meta_kubernetes_pod_node_name"]}
            self.assertEqual(of_node, {"instance", "node"})
            self.assertEqual(cadvisor["relabelings"][-2:], native["relabelings"][-2:])
            same = lambda endpoint: {name: value for name, value in endpoint.items() if name not in ("path", "relabelings")}
            self.assertEqual(same(native), same(cadvisor))

    def test_the_rules_are_those_of_the_component(self):
        (rule,) = [one for one in self.rendered["operator"] if one["kind"] == "PrometheusRule"]
        self.assertEqual(rule["metadata"]["labels"]["release"], "prometheus")
        self.assertEqual(rule["spec"], load(TOP / "deploy/kubernetes/components/prometheusrule/prometheusrule.yaml")["spec"])

    def test_names(self):
        name = lambda chosen, release: {one["metadata"]["name"] for one in self.renderer.resources(chosen, release=release) if one["kind"] == "DaemonSet"}
        self.assertEqual(name({}, "cgroup2-exporter"), {"cgroup2-exporter"})
        self.assertEqual(name({}, "a"), {"a-cgroup2-exporter"})
        self.assertEqual(name({"nameOverride": "b"}, "a"), {"a-b"})
        self.assertEqual(name({"fullnameOverride": "c" * 70}, "a"), {"c" * 63})


if __name__ == "__main__":
    unittest.main()
