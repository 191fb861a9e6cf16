#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manifests in deploy/kubernetes: they fit Kubernetes' schemas, and each profile has exactly the rights that its table names."""

import copy
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import chart
import kustomize
from kubernetes import exporter, faults, rights

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = TOP / "deploy/kubernetes"
PROFILES = ("minimal", "names", "full")
COMPONENTS = [("minimal", "podmonitor"), ("names", "podmonitor"), ("names", "servicemonitor"), ("names", "cri-o"), ("full", "k3s"), ("minimal", "prometheusrule"),
              ("minimal", "tls"), ("names", "basic-auth"), ("full", "kube-rbac-proxy"), ("minimal", "podmonitor-tls"), ("minimal", "podmonitor-basic-auth"),
              ("names", "servicemonitor-kube-rbac-proxy")]
PROBES = ("/-/healthy", "/-/ready")


def only(resources, kind):
    (found,) = [one for one in resources if one["kind"] == kind]
    return found


def with_component(profile, component):
    return kustomize.build(FILES / "components" / component, kustomize.build(FILES / "profiles" / profile))


def every_build():
    for profile in PROFILES:
        yield profile, kustomize.build(FILES / "profiles" / profile)
    for profile, component in COMPONENTS:
        yield f"{profile} with {component}", with_component(profile, component)


class ManifestTest(unittest.TestCase):
    def test_all_fit_the_schemas(self):
        for name, resources in every_build():
            with self.subTest(name):
                self.assertEqual([fault for one in resources for fault in faults(one)], [])

    def test_the_schemas_refuse_what_is_wrong(self):
        good = only(kustomize.build(FILES / "profiles/minimal"), "DaemonSet")
        for change in (lambda pod: pod.update(hostPid=True), lambda pod: pod.update(hostPID="yes"), lambda pod: pod["containers"][0].pop("name"),
                       lambda pod: pod["containers"][0]["securityContext"].update(capabilites={})):
            wrong = copy.deepcopy(good)
            change(wrong["spec"]["template"]["spec"])
            self.assertEqual(len(faults(wrong)), 1, faults(wrong))

    def test_every_profile_has_exactly_the_rights_of_its_table(self):
        sections = re.split(r"^## ", (FILES / "README.md").read_text(), flags=re.MULTILINE)
        for profile in PROFILES:
            (section,) = [text for text in sections if text.startswith(profile + "\n")]
            rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE)[1:]
            self.assertEqual(rights(only(kustomize.build(FILES / "profiles" / profile), "DaemonSet")), set(rows), profile)
            self.assertEqual(len(rows), len(set(rows)))

    def test_components_move_the_bundles_and_change_no_other_right(self):
        for profile, component, path in (("names", "cri-o", "/run/containers/storage/overlay-containers"),
                                         ("full", "k3s", "/run/k3s/containerd/io.containerd.runtime.v2.task")):
            before = rights(only(kustomize.build(FILES / "profiles" / profile), "DaemonSet"))
            after = rights(only(with_component(profile, component), "DaemonSet"))
            self.assertEqual((before - after, after - before), ({"read /run/containerd/io.containerd.runtime.v2.task"}, {f"read {path}"}))

    def test_no_mount_holds_a_socket_of_a_runtime(self):
        sockets = [pathlib.PurePath(path) for path in (
            "/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock", "/run/crio/crio.sock", "/run/docker.sock", "/run/cri-dockerd.sock",
            "/run/dbus/system_bus_socket", "/run/systemd/private", "/var/lib/kubelet/pod-resources/kubelet.sock")]
        for name, resources in every_build():
            for volume in only(resources, "DaemonSet")["spec"]["template"]["spec"]["volumes"]:
                path = pathlib.PurePath(volume.get("hostPath", {}).get("path", "/var/empty").replace("/var/run", "/run"))
                self.assertEqual([str(socket) for socket in sockets if path in socket.parents], [], name)

    def test_what_is_mounted_for_reading_is_below_the_root_of_the_flags(self):
        for name, resources in every_build():
            pod = only(resources, "DaemonSet")["spec"]["template"]["spec"]
            container = exporter(pod)
            self.assertIn("--path.rootfs=/host", container["args"])
            for volume in [one for one in pod["volumes"] if "hostPath" in one]:
                (mount,) = [one for one in container["volumeMounts"] if one["name"] == volume["name"]]
                if mount.get("readOnly"):
                    self.assertEqual(mount["mountPath"], "/host" + volume["hostPath"]["path"], name)

    def test_file_systems_that_are_mounted_below_a_runtimes_directory_are_read_only_too(self):
        for name, resources in every_build():
            pod = only(resources, "DaemonSet")["spec"]["template"]["spec"]
            for mount in pod["containers"][0]["volumeMounts"]:
                if mount["mountPath"].startswith("/host/run/"):
                    self.assertEqual((mount.get("recursiveReadOnly"), mount.get("mountPropagation", "None")), ("IfPossible", "None"), name)

    def test_selectors_find_the_pods(self):
        for name, resources in every_build():
            daemonset = only(resources, "DaemonSet")
            labels = daemonset["spec"]["template"]["metadata"]["labels"]
            for one in resources:
                selector = one.get("spec", {}).get("podSelector") or one.get("spec", {}).get("selector") or {}
                self.assertLessEqual((selector.get("matchLabels") or selector).items(), labels.items(), f"{name}: {one['kind']}")
            namespaces = {one["metadata"].get("namespace") for one in resources if one["kind"] not in kustomize.WITHOUT_NAMESPACE}
            self.assertEqual(namespaces, {only(resources, "Namespace")["metadata"]["name"]})

    def test_version_and_probes_are_the_programs(self):
        version = re.search(r"VERSION ([0-9.]+) ", (TOP / "CMakeLists.txt").read_text()).group(1)
        template = only(kustomize.build(FILES / "profiles/minimal"), "DaemonSet")["spec"]["template"]
        (container,) = template["spec"]["containers"]
        self.assertEqual(container["image"], "cgroup2-exporter:" + version)
        self.assertEqual(template["metadata"]["labels"]["app.kubernetes.io/version"], version)
        self.assertEqual(tuple(container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")), PROBES)
        for path in PROBES:
            self.assertIn(f'"{path}"', (TOP / "src/app/routes.cpp").read_text())

    def test_the_components_for_tls_users_and_proxy_are_those_of_the_chart(self):
        renderer = chart.Renderer()
        self.addCleanup(renderer.directory.cleanup)
        owned = {"fullnameOverride": "cgroup2-exporter"}
        tls = {"existingSecret": "cgroup2-exporter-tls"}
        for component, values in (("tls", {"web": {"tls": tls}}), ("basic-auth", {"web": {"tls": tls, "config": {"existingSecret": "cgroup2-exporter-web"}}}),
                                  ("kube-rbac-proxy", {"web": {"tls": tls}, "kubeRbacProxy": {"enabled": True}})):
            pods = [only(resources, "DaemonSet")["spec"]["template"]["spec"]
                    for resources in (with_component("minimal", component), renderer.resources({**owned, **values}))]
            # The base has no flag for the default address.
            args = [set(exporter(pod)["args"]) - {"--web.listen-address=:9306"} for pod in pods]
            self.assertEqual(args[0], args[1], component)
            for key in ("ports", "livenessProbe", "readinessProbe", "volumeMounts"):
                self.assertEqual(exporter(pods[0])[key], exporter(pods[1])[key], component)
            self.assertEqual(pods[0]["containers"][1:], pods[1]["containers"][1:], component)
            self.assertEqual(pods[0]["volumes"], pods[1]["volumes"], component)
        roles = [{one["kind"]: one for one in resources} for resources in (with_component("minimal", "kube-rbac-proxy"), renderer.resources({**owned, **values}))]
        self.assertEqual(roles[0]["ClusterRole"]["rules"], roles[1]["ClusterRole"]["rules"])
        self.assertEqual(roles[0]["NetworkPolicy"]["spec"]["egress"], roles[1]["NetworkPolicy"]["spec"]["egress"])

    def test_monitors_keep_the_labels_of_the_series_and_add_none_of_the_exporters_pod(self):
        for component, kind, key in (("podmonitor", "PodMonitor", "podMetricsEndpoints"), ("servicemonitor", "ServiceMonitor", "endpoints"),
                                     ("podmonitor-basic-auth", "PodMonitor", "podMetricsEndpoints"), ("servicemonitor-kube-rbac-proxy", "ServiceMonitor", "endpoints")):
            (endpoint,) = only(with_component("names", component), kind)["spec"][key]
            self.assertTrue(endpoint["honorLabels"])
            dropped = [rule["regex"] for rule in endpoint["relabelings"] if rule["action"] == "labeldrop"]
            for label in ("namespace", "pod", "container"):
                self.assertTrue(any(re.fullmatch(regex, label) for regex in dropped), label)

    @unittest.skipUnless(shutil.which("kustomize") or shutil.which("kubectl"), "no kustomize")
    def test_kustomize_itself_builds_the_same(self):
        key = lambda one: (one["kind"], one["metadata"]["name"])
        command = ["kustomize", "build"] if shutil.which("kustomize") else ["kubectl", "kustomize"]
        for name, resources in every_build():
            profile, _, component = name.partition(" with ")
            with tempfile.TemporaryDirectory(dir=FILES / "profiles") as directory:
                text = f"apiVersion: {kustomize.KINDS['Kustomization']}\nkind: Kustomization\nresources: [../{profile}]\n"
                text += f"components: [../../components/{component}]\n" if component else ""
                (pathlib.Path(directory) / "kustomization.yaml").write_text(text)
                built = subprocess.run([*command, directory], stdout=subprocess.PIPE, text=True, check=True).stdout
            self.assertEqual(sorted(kustomize.load_all(built), key=key), sorted(resources, key=key), name)


class ReaderTest(unittest.TestCase):
    def test_what_the_reader_does_not_know_is_an_error(self):
        for text in ("commonLabels: {a: b}\n", "patches: [{patch: x, target: {kind: A, name: b}}]\n", "namespace: a\nnamespace: b\n"):
            with tempfile.TemporaryDirectory() as directory:
                head = f"apiVersion: {kustomize.KINDS['Kustomization']}\nkind: Kustomization\n"
                (pathlib.Path(directory) / "kustomization.yaml").write_text(head + text)
                with self.assertRaises(kustomize.Wrong):
                    kustomize.build(directory)

    def test_patches(self):
        document = {"a": [1, 2], "b": {"c/d": 3}}
        kustomize.patch(document, "add", "/a/-", 4)
        kustomize.patch(document, "add", "/a/0", 0)
        kustomize.patch(document, "replace", "/b/c~1d", 5)
        kustomize.patch(document, "remove", "/a/1")
        self.assertEqual(document, {"a": [0, 2, 4], "b": {"c/d": 5}})
        for operation, error in ((("replace", "/b/x", 1), KeyError), (("test", "/a/0", 9), kustomize.Wrong), (("move", "/a/0", 1), kustomize.Wrong)):
            with self.assertRaises(error):
                kustomize.patch(document, *operation)


if __name__ == "__main__":
    unittest.main()
