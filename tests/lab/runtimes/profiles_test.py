# SPDX-License-Identifier: Apache-2.0
"""The image of the Dockerfile in the profiles of deploy/kubernetes, beside a pod of containerd's: what each of them may do, sees and keeps."""

import copy
import pathlib

import kustomize
from case import id_of
from kubelet import Pod
from packaged_test import APP, POD
from pod_case import LOAD_IMAGE, PodCase
from shown import Shown

PROFILES = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "deploy/kubernetes/profiles"
SANDBOX = f"{POD}/cri-containerd-{id_of('sandbox')}.scope"
SYS_PTRACE = 1 << 19  # include/uapi/linux/capability.h


def pod_spec(profile):
    (daemonset,) = [one for one in kustomize.build(PROFILES / profile) if one["kind"] == "DaemonSet"]
    spec = copy.deepcopy(daemonset["spec"]["template"]["spec"])
    spec["containers"][0]["args"].append("--collectors=standard")  # whose namespaces it sees
    return spec


class ProfileCase(PodCase, Shown):
    profile = None
    stage = LOAD_IMAGE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pod = Pod(cls.machine, "profile-" + cls.profile, pod_spec(cls.profile))
        cls.machine.sh("rm -rf /var/lib/cgroup2_exporter")
        cls.addClassCleanup(cls.pod.remove)
        cls.pod.start()
        for _ in range(5):  # names are asked for bit by bit
            cls.machine.sh("sleep 1.1")
            cls.exposition = cls.pod.get("/metrics")

    def check_process(self, user, capabilities, pid_of_node):
        status = self.pod.status()
        self.assertEqual((status["Uid"].split(), status["Gid"].split()), ([str(user)] * 4, [str(user)] * 4))
        for kind, expected in (("CapInh", 0), ("CapBnd", capabilities), ("CapAmb", 0)):
            self.assertEqual(int(status[kind], 16), expected, kind)
        # Each thread keeps what its work needs: all of them together have what the profile gives.
        threads = self.machine.text(f"cat /proc/{self.pod.pid}/task/*/status 2>/dev/null || true")  # a thread may end
        for kind in ("CapPrm", "CapEff"):
            had = 0
            for line in threads.splitlines():
                if line.startswith(f"{kind}:"):
                    had |= int(line.split()[1], 16)
            self.assertEqual(had, capabilities, kind)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
        inodes = self.machine.text(f"readlink /proc/1/ns/pid /proc/{self.pod.pid}/ns/pid").split()
        self.assertEqual(inodes[0] == inodes[1], pid_of_node)

    def check_sight(self, has_bundles, has_namespaces):
        info = self.labels("cgroup_info", APP)
        self.assertEqual("image" in info, has_bundles)
        self.assertEqual(self.labels("cgroup_info", SANDBOX)["kind"], "sandbox" if has_bundles else "container")
        self.assertEqual(self.labels("cgroup_namespace_info", APP) is not None, has_namespaces)

    def kill_one(self):
        """An OOM kill of this profile's own, and the unit that had it."""
        unit = f"killed-under-{self.profile}.service"
        self.machine.sh(f"! systemd-run --quiet --wait --unit {unit} -p MemoryMax=4M -p MemorySwapMax=0 dd if=/dev/zero of=/dev/null bs=64M count=1")
        return unit

    def kills_of(self, unit):
        lines = [line for line in self.pod.get("/metrics").splitlines() if line.startswith("cgroup_oom_kills_total{") and f'unit="{unit}"' in line]
        return [float(line.split()[-1]) for line in lines]

    def check_counts(self, is_kept_by_the_next_pod):
        unit = self.kill_one()
        self.eventually_equal(lambda: self.kills_of(unit), [1.0], "the kill")
        self.pod.restart()
        self.assertEqual(self.kills_of(unit), [1.0], "after a restart of the container")
        self.pod.start_anew()
        self.assertEqual(self.kills_of(unit), [1.0] if is_kept_by_the_next_pod else [], "in another pod")

    def test_it_reads_cgroups_and_names_containers(self):
        labels = self.labels("cgroup_memory_usage_bytes", APP)
        self.assertEqual((labels["namespace"], labels["container"]), ("shop", "app"))
        for metric in ("cgroup_cpu_usage_seconds_total", "cgroup_memory_effective_limit_bytes", "cgroup_pids"):
            self.assertIsNotNone(self.labels(metric, APP), metric)

    def test_it_sees_of_the_node_what_is_mounted_and_can_write_only_its_state(self):
        found = self.pod.mounted()
        self.assertEqual(found["/"], "ro")
        wanted = {mount["mountPath"]: "ro" if mount.get("readOnly") else "rw" for mount in self.pod.container["volumeMounts"]}
        self.assertEqual({point: found.get(point) for point in wanted}, wanted)
        self.assertEqual([point for point in found if point.startswith("/host/") and point not in wanted], [])


class MinimalTest(ProfileCase):
    profile = "minimal"

    def test_it_has_no_right(self):
        self.check_process(user=65534, capabilities=0, pid_of_node=False)

    def test_it_sees_neither_images_nor_sandboxes_nor_namespaces(self):
        self.check_sight(has_bundles=False, has_namespaces=False)

    def test_counts_of_oom_kills_outlive_the_container_and_not_the_pod(self):
        self.check_counts(is_kept_by_the_next_pod=False)


class NamesTest(ProfileCase):
    profile = "names"

    def test_it_is_root_without_capabilities(self):
        self.check_process(user=0, capabilities=0, pid_of_node=False)

    def test_it_sees_images_and_sandboxes(self):
        self.check_sight(has_bundles=True, has_namespaces=False)

    def test_counts_of_oom_kills_outlive_the_pod(self):
        self.check_counts(is_kept_by_the_next_pod=True)


class FullTest(ProfileCase):
    profile = "full"

    def test_it_has_one_capability_and_the_process_ids_of_the_node(self):
        self.check_process(user=0, capabilities=SYS_PTRACE, pid_of_node=True)

    def test_it_sees_images_sandboxes_and_namespaces(self):
        self.check_sight(has_bundles=True, has_namespaces=True)


class BadNodeTest(Shown):
    """Pods that cannot work end with one line that says why."""

    stage = f"""
        {LOAD_IMAGE}
        mkdir -p /run/v1 && mount -t tmpfs v1 /run/v1 && mkdir /run/v1/systemd && mount -t cgroup -o none,name=lab lab /run/v1/systemd
    """

    @classmethod
    def tearDownClass(cls):
        cls.machine.sh("umount /run/v1/systemd /run/v1")

    def end_of(self, change):
        spec = pod_spec("minimal")
        change(spec)
        status, said = Pod(self.machine, "bad", spec).run_to_its_end()
        self.assertEqual(status, 1)
        self.assertEqual(len(said.splitlines()), 1, said)
        return said

    def test_a_missing_mount_is_named_with_its_flag(self):
        def without_cgroups(spec):
            mounts = spec["containers"][0]["volumeMounts"]
            mounts[:] = [mount for mount in mounts if mount["name"] != "cgroup"]

        said = self.end_of(without_cgroups)
        self.assertIn("--path.cgroupfs=/host/sys/fs/cgroup", said)
        self.assertIn("No such file or directory", said)

    def test_cgroup_v1_is_named(self):
        def on_v1(spec):
            (volume,) = [volume for volume in spec["volumes"] if volume["name"] == "cgroup"]
            volume["hostPath"]["path"] = "/run/v1"

        self.assertIn("cgroup v1 only", self.end_of(on_v1))
