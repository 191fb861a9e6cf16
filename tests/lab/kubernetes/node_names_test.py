# SPDX-License-Identifier: Apache-2.0
"""Names and limits of all cgroups of pods are what the kubelet and containerd say, and values are what the kubelet's own cAdvisor says."""

import workloads
from node import EXPORTERS
from node_case import NodeTest

BUNDLES = [profile for profile in EXPORTERS if profile != "minimal"]
LASTING = {(pod["metadata"]["namespace"], pod["metadata"]["name"] + "-lab") for pod in workloads.LASTING}


class NamesTest(NodeTest):
    @classmethod
    def setUpClass(cls):
        cls.containers = cls.node.containers()
        cls.pods = cls.node.pods()

    def qos(self, container):
        return self.pods[container.namespace, container.pod]["status"]["qosClass"].lower()

    def shown(self, job, cgroup, names):
        """These labels of cgroup_info, once all are as `names` says; None: a label that is not there."""
        found = self.of_job(job, "cgroup_info", cgroup=cgroup)
        return [{name: labels.get(name) for name in names} for labels, _ in found]

    def check(self, job, cgroup, expected):
        self.eventually_equal(lambda: self.shown(job, cgroup, expected), [expected], f"cgroup_info of {cgroup} for {job}")

    def test_containers_have_their_names(self):
        for container in (one for one in self.containers if one.name):
            for job in EXPORTERS:
                image = {"image": container.image} if job in BUNDLES else {}
                self.check(job, container.cgroup, {
                    "namespace": container.namespace, "pod": container.pod, "container": container.name, "container_id": container.id,
                    "pod_uid": container.uid, "qos": self.qos(container), "kind": "container", "runtime": "cri-containerd", **image})

    def test_sandboxes_are_told_from_containers_where_bundles_can_be_read(self):
        sandboxes = [one for one in self.containers if not one.name]
        self.assertEqual(len(sandboxes), len(self.pods))
        for sandbox in sandboxes:
            for job in BUNDLES:
                self.check(job, sandbox.cgroup, {"namespace": sandbox.namespace, "pod": sandbox.pod, "container": None, "container_id": sandbox.id,
                                                 "kind": "sandbox", "pod_uid": sandbox.uid, "qos": self.qos(sandbox)})
            self.check("minimal", sandbox.cgroup, {"container": None, "container_id": sandbox.id, "kind": "container", "pod_uid": sandbox.uid})

    def test_pods_have_their_names(self):
        for container in (one for one in self.containers if one.name):
            for job in EXPORTERS:
                self.check(job, container.pod_cgroup, {"namespace": container.namespace, "pod": container.pod, "container": None,
                                                       "pod_uid": container.uid, "qos": self.qos(container), "kind": "pod"})

    def test_the_kubelet_knows_the_same_containers(self):
        """What containerd was asked is what the kubelet says of its pods."""
        told = {(namespace, pod, one["name"], one["containerID"].rpartition("/")[2], one["image"])
                for (namespace, pod), spec in self.pods.items()
                for kind in ("containerStatuses", "initContainerStatuses") for one in spec["status"].get(kind, []) if "running" in one["state"]}
        self.assertEqual(told, {(one.namespace, one.pod, one.name, one.id, one.image) for one in self.containers if one.name})
        self.assertEqual({(one.namespace, one.pod): one.uid for one in self.containers}, {name: pod["metadata"]["uid"] for name, pod in self.pods.items()})

    def test_nothing_else_is_a_pods(self):
        expected = {one.cgroup for one in self.containers} | {one.pod_cgroup for one in self.containers}
        for job in EXPORTERS:
            shown = lambda: {labels["cgroup"] for labels, _ in self.series("cgroup_info", job=job) if "pod_uid" in labels}
            self.eventually_equal(shown, expected, f"cgroups of pods for {job}")


class ValuesTest(NamesTest):
    """Of pods that last."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.containers = [one for one in cls.containers if (one.namespace, one.pod) in LASTING]

    test_containers_have_their_names = test_sandboxes_are_told_from_containers_where_bundles_can_be_read = None
    test_pods_have_their_names = test_the_kubelet_knows_the_same_containers = test_nothing_else_is_a_pods = None

    def container_spec(self, container):
        spec = self.pods[container.namespace, container.pod]["spec"]
        (found,) = [one for one in spec["containers"] + spec.get("initContainers", []) if one["name"] == container.name]
        return found

    def limit_of(self, job, metric, cgroup):
        found = self.of_job(job, metric, cgroup=cgroup)
        return found[0][1] if found else None

    def test_limits_are_those_of_the_spec(self):
        for container in (one for one in self.containers if one.name):
            limits = self.container_spec(container).get("resources", {}).get("limits", {})
            memory = float(limits["memory"].removesuffix("Mi")) * (1 << 20) if "memory" in limits else None
            cpus = float(limits["cpu"].removesuffix("m")) / 1000 if "cpu" in limits else None
            for job in EXPORTERS:
                shown = (self.limit_of(job, "cgroup_memory_limit_bytes", container.cgroup), self.limit_of(job, "cgroup_cpu_limit_cores", container.cgroup))
                self.assertEqual(shown, (memory, cpus), f"{container.pod} {container.name} for {job}")

    def test_a_pods_own_limit_holds_for_its_containers(self):
        (one, *_) = [one for one in self.containers if one.pod == "pod-limit-lab" and one.name == "one"]
        for job in EXPORTERS:
            self.assertEqual(self.limit_of(job, "cgroup_memory_limit_bytes", one.pod_cgroup), 64 << 20)
            self.assertEqual(self.limit_of(job, "cgroup_memory_effective_limit_bytes", one.cgroup), 64 << 20)
