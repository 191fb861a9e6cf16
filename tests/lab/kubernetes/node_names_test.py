# SPDX-License-Identifier: Apache-2.0
"""Names of all cgroups of pods are what the kubelet and containerd say."""

from node import EXPORTERS
from node_case import NodeTest

BUNDLES = [profile for profile in EXPORTERS if profile != "minimal"]


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
                # With the driver cgroupfs a path has the container's id alone, and only a bundle tells the runtime.
                runtime = "cri-containerd" if self.driver == "systemd" else "containerd" if job in BUNDLES else "unknown"
                self.check(job, container.cgroup, {
                    "namespace": container.namespace, "pod": container.pod, "container": container.name, "container_id": container.id,
                    "pod_uid": container.uid, "qos": self.qos(container), "kind": "container", "runtime": runtime, **image})

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
        # The kubelet writes the name of the registry where a pod leaves it out.
        told = {(namespace, pod, one["name"], one["containerID"].rpartition("/")[2], one["image"].removeprefix("docker.io/library/"))
                for (namespace, pod), spec in self.pods.items()
                for kind in ("containerStatuses", "initContainerStatuses") for one in spec["status"].get(kind, []) if "running" in one["state"]}
        self.assertEqual(told, {(one.namespace, one.pod, one.name, one.id, one.image) for one in self.containers if one.name})
        self.assertEqual({(one.namespace, one.pod): one.uid for one in self.containers}, {name: pod["metadata"]["uid"] for name, pod in self.pods.items()})

    def test_nothing_else_is_a_pods(self):
        expected = {one.cgroup for one in self.containers} | {one.pod_cgroup for one in self.containers}
        for job in EXPORTERS:
            shown = lambda: {labels["cgroup"] for labels, _ in self.series("cgroup_info", job=job) if "pod_uid" in labels}
            self.eventually_equal(shown, expected, f"cgroups of pods for {job}")
