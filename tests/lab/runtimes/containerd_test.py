# SPDX-License-Identifier: Apache-2.0
"""containerd's containers, as `ctr` describes them: a pod as its CRI plugin makes it, and a container of nobody's."""

import re

from case import id_of
from runtime_case import RuntimeTest

POD_UID = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0"
POD_CGROUP = f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{POD_UID.replace('-', '_')}.slice"


class ContainerdCase(RuntimeTest):
    namespace = "k8s.io"

    def ctr(self, arguments):
        return self.machine.text(f"ctr -n {self.namespace} {arguments}")

    def describe(self, container_id):
        """What containerd knows of a container, and the cgroup of its process."""
        container = self.answer(f"ctr -n {self.namespace} containers info {container_id}")
        tasks = (line.split() for line in self.ctr("tasks ls").splitlines())
        (pid,) = [task[1] for task in tasks if task[0] == container_id]
        return container, self.cgroup_of(pid)


class CtrTest(ContainerdCase):
    namespace = "default"
    stage = f"ctr run --detach --null-io --rootfs /lab/rootfs {id_of('ctr')} /bin/sleep 100000"

    def test_cgroup_is_the_containers(self):
        container, cgroup = self.describe(id_of("ctr"))
        self.check_info(cgroup, container_id=container["ID"], kind="container")


class PlainNameTest(ContainerdCase):
    """A container whose cgroup is called by a word, as those of nerdctl and of Talos are."""

    namespace = "default"
    stage = "ctr run --detach --null-io --rootfs /lab/rootfs my-test /bin/sleep 100000"

    def test_cgroup_is_the_containers(self):
        container, cgroup = self.describe("my-test")
        self.assertEqual(cgroup, "/default/my-test")
        self.check_info(cgroup, container_id=container["ID"], kind="container")


class KubernetesTest(ContainerdCase):
    stage = f"""
        cri_container sandbox pause {id_of('sandbox')} 0
        cri_container container app {id_of('app')} 0
    """

    def owner(self, container):
        labels = container["Labels"]
        named = {"container": labels.get("io.kubernetes.container.name"), "namespace": labels["io.kubernetes.pod.namespace"],
                 "pod": labels["io.kubernetes.pod.name"], "container_id": container["ID"]}
        return {name: value for name, value in named.items() if value}

    def test_cgroup_is_the_containers(self):
        container, cgroup = self.describe(id_of("app"))
        self.check_info(cgroup, container_id=container["ID"], kind="container", runtime="cri-containerd", qos="burstable",
                        pod_uid=container["Labels"]["io.kubernetes.pod.uid"])

    def test_names_are_on_every_series(self):
        container, cgroup = self.describe(id_of("app"))
        self.check_owner(cgroup, **self.owner(container))

    def test_image_is_the_one_it_was_started_from(self):
        container, cgroup = self.describe(id_of("app"))
        self.check_info(cgroup, image=container["Spec"]["annotations"]["io.kubernetes.cri.image-name"])

    def test_pause_container_is_a_sandbox(self):
        container, cgroup = self.describe(id_of("sandbox"))
        self.check_info(cgroup, kind="sandbox", runtime="cri-containerd", pod_uid=POD_UID, qos="burstable")
        self.check_owner(cgroup, **self.owner(container))

    def test_pod_has_its_names(self):
        container, _ = self.describe(id_of("sandbox"))
        owner = self.owner(container)
        self.check_info(POD_CGROUP, kind="pod", pod_uid=POD_UID, qos="burstable")
        self.check_owner(POD_CGROUP, namespace=owner["namespace"], pod=owner["pod"])

    def test_successor_of_the_same_name_has_its_own_id(self):
        self.machine.sh(f"cri_container container job {id_of('job')} 0")
        container, cgroup = self.describe(id_of("job"))
        self.check_info(cgroup, container_id=container["ID"])
        self.machine.sh(f"cri_remove {id_of('job')} && cri_container container job {id_of('job again')} 1")
        container, cgroup = self.describe(id_of("job again"))
        self.check_owner(cgroup, **self.owner(container))
        self.check_gone(id_of("job"))


class ConfinedTest(ContainerdCase):
    """An exporter in a container, as uid 65534 without capabilities, that sees the host's cgroups and its directories of logs only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exposition = cls.machine.text("crun run --bundle /lab/confined confined")

    def labels(self, metric, cgroup):
        found = re.findall(rf'^{metric}\{{(cgroup="{re.escape(cgroup)}".*)\}} ', self.exposition, re.MULTILINE)
        self.assertEqual(len(found), 1, found)
        return dict(re.findall(r'(\w+)="([^"]*)"', found[0]))

    def test_cgroups_are_read(self):
        _, cgroup = self.describe(id_of("app"))
        labels = self.labels("cgroup_info", cgroup)
        self.assertEqual((labels["container_id"], labels["kind"], labels["pod_uid"]), (id_of("app"), "container", POD_UID))

    def test_names_of_pods_are_known(self):
        container, cgroup = self.describe(id_of("app"))
        kubernetes = container["Labels"]
        labels = self.labels("cgroup_memory_usage_bytes", cgroup)
        self.assertEqual(labels, {
            "cgroup": cgroup, "namespace": kubernetes["io.kubernetes.pod.namespace"],
            "pod": kubernetes["io.kubernetes.pod.name"], "container": kubernetes["io.kubernetes.container.name"]})
