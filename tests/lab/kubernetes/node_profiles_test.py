# SPDX-License-Identifier: Apache-2.0
"""The exporter as the pod that is shipped, run by the kubelet: what it may do, and what it sees."""

import re

from node import is_ready
from node_case import NodeTest

BUNDLES = "/run/containerd/io.containerd.runtime.v2.task"
SYS_PTRACE = 1 << 19  # include/uapi/linux/capability.h


class ProfileCase(NodeTest):
    profile = None
    user = 0
    capabilities = 0
    has_bundles = True
    has_namespaces = False

    @classmethod
    def setUpClass(cls):
        cls.pod = cls.node.pod("cgroup2-exporter", f"cgroup2-exporter-{cls.profile}")
        (cls.told,) = cls.pod["status"]["containerStatuses"]
        cls.id = cls.told["containerID"].rpartition("/")[2]
        lines = cls.machine.text("ctr -n k8s.io tasks ls").splitlines()
        (cls.pid,) = [int(line.split()[1]) for line in lines if line.startswith(cls.id)]

    def status(self):
        lines = self.machine.text(f"cat /proc/{self.pid}/status").splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def test_the_kubelet_calls_it_ready_and_never_started_it_again(self):
        self.assertTrue(is_ready(self.pod))
        self.assertEqual(self.told["restartCount"], 0)

    def test_it_has_the_rights_of_its_profile(self):
        status = self.status()
        self.assertEqual((status["Uid"].split(), status["Gid"].split()), ([str(self.user)] * 4,) * 2)
        self.assertEqual({kind: int(status[kind], 16) for kind in ("CapInh", "CapBnd", "CapAmb")}, {"CapInh": 0, "CapBnd": self.capabilities, "CapAmb": 0})
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
        inodes = self.machine.text(f"readlink /proc/1/ns/pid /proc/{self.pid}/ns/pid").split()
        self.assertEqual(inodes[0] == inodes[1], self.capabilities != 0)

    def test_it_is_among_the_last_that_the_kernel_kills(self):
        self.assertEqual(self.machine.text(f"cat /proc/{self.pid}/oom_score_adj"), "-997")

    def test_it_can_write_only_its_state(self):
        lines = (line.split() for line in self.machine.text(f"cat /proc/{self.pid}/mountinfo").splitlines())
        mounted = {fields[4]: fields[5].split(",")[0] for fields in lines}
        (container,) = self.pod["spec"]["containers"]
        wanted = {mount["mountPath"]: "ro" if mount.get("readOnly") else "rw" for mount in container["volumeMounts"]}
        self.assertEqual({point: mounted.get(point) for point in ("/", *wanted)}, {"/": "ro", **wanted})
        # A kubelet without an API server knows no runtime classes and takes every runtime for one without recursiveReadOnly. So the root
        # filesystems that are mounted below the bundles can be written here.
        below = {point for point in mounted if point.startswith("/host/") and point not in wanted}
        self.assertEqual({point for point in below if not re.match(f"/host{BUNDLES}/k8s.io/[0-9a-f]{{64}}/rootfs", point)}, set())
        self.assertEqual(bool(below), self.has_bundles)

    def test_it_has_the_limit_of_the_manifest(self):
        (container,) = self.pod["spec"]["containers"]
        self.assertEqual(container["resources"]["limits"], {"memory": "128Mi"})
        cgroup = self.machine.text(f"cgroup_of {self.pid}")
        self.assertEqual(self.machine.number(f"{cgroup}/memory.max"), 128 << 20)
        used = self.machine.number(f"{cgroup}/memory.current")
        self.report(f"{used / (1 << 20):.1f} MiB of 128")

    def test_it_sees_what_its_profile_says(self):
        info = lambda: self.of_job(self.profile, "cgroup_info", container_id=self.id)
        labels = self.eventually(info, lambda found: found and ("image" in found[0][0]) == self.has_bundles, "its own cgroup_info")[0][0]
        self.assertEqual((labels["namespace"], labels["pod"], labels["container"]),
                         ("cgroup2-exporter", f"cgroup2-exporter-{self.profile}-lab", "exporter"))
        self.assertEqual(bool(self.of_job(self.profile, "cgroup_info", kind="sandbox")), self.has_bundles)
        others = [labels for labels, _ in self.of_job(self.profile, "cgroup_namespace_info") if labels.get("pod") == "guaranteed-lab"]
        self.assertEqual(bool(others), self.has_namespaces)

    def test_nothing_is_wrong_in_its_log(self):
        logs = self.machine.text(f"cat /var/log/containers/cgroup2-exporter-{self.profile}-lab_*.log").splitlines()
        self.assertGreater(len(logs), 0)
        self.assertEqual([line for line in logs if "level=error" in line or ("level=warn" in line and "OOM kill" not in line)], [])


class MinimalTest(ProfileCase):
    profile, user, has_bundles = "minimal", 65534, False


class NamesTest(ProfileCase):
    profile = "names"


class FullTest(ProfileCase):
    profile, capabilities, has_namespaces = "full", SYS_PTRACE, True


