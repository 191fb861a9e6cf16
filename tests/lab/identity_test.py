# SPDX-License-Identifier: Apache-2.0
"""Whose cgroup it is: compared with what the runtimes and the kernel say."""

import json
import re

from case import DOCKER_CGROUP, NESTED_CGROUP, POD_CGROUP, STRAYED_CGROUP, LabTest, id_of

NAMESPACES = ("pid", "mnt", "net", "ipc", "uts", "user", "cgroup", "time")


class IdentityTest(LabTest):
    def containers(self, runtime):
        """(id, cgroup) of every container that the runtime lists; the kernel says in which cgroup its first process is."""
        for each in json.loads(self.machine.text(f"{runtime} list -f json")):
            line = self.machine.text(f"cat /proc/{each['pid']}/cgroup")
            yield each["id"], line.removeprefix("0::")

    def test_container_ids_are_those_of_the_runtimes(self):
        found = 0
        for runtime in ("crun", "runc"):
            for container_id, cgroup in self.containers(runtime):
                with self.subTest(runtime=runtime, cgroup=cgroup):
                    info = self.info(cgroup)
                    self.assertEqual(info.get("container_id"), container_id)
                    self.assertEqual(info.get("kind"), "container")
                    found += 1
        self.assertEqual(found, 5)
        self.report(f"container ids: {found} as crun and runc list them")

    def test_series_leave_the_container_id_to_the_info(self):
        read = lambda: self.series("cgroup_memory_usage_bytes", cgroup=POD_CGROUP)
        found = self.eventually(read, bool, "usage of the pod's container")
        self.assertNotIn("container_id", found[0][0])
        self.assertEqual(self.info(POD_CGROUP).get("container_id"), id_of("pod"))

    def test_paths_tell_runtime_and_pod(self):
        self.assertEqual(self.info(DOCKER_CGROUP).get("runtime"), "docker")
        self.assertEqual(self.info(STRAYED_CGROUP).get("runtime"), "libpod")
        pod = self.info(POD_CGROUP)
        self.assertEqual((pod.get("qos"), pod.get("pod_uid")), ("burstable", "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0"))

    def test_a_process_in_a_cgroup_of_no_known_shape_is_found_by_its_namespaces(self):
        self.eventually_equal(lambda: self.info("/unknown/x").get("container_id"), id_of("strayed"), "container of /unknown/x")
        self.assertEqual(self.info("/unknown/x").get("name_source"), "namespaces")

    def test_a_container_that_no_runtime_knows_is_named_by_its_pid_namespace(self):
        inode = self.machine.text("readlink /proc/$(sed -n 1p /sys/fs/cgroup/hand/cgroup.procs)/ns/pid")
        expected = "pidns:" + re.fullmatch(r"pid:\[(\d+)\]", inode).group(1)
        self.eventually_equal(lambda: self.info("/hand").get("container_id"), expected, "container of /hand")
        self.report(f"unshare container: {expected}, as the kernel says")

    def test_cgroups_inside_a_container_carry_its_id(self):
        for child in ("init", "work"):
            with self.subTest(child=child):
                read = lambda: self.info(f"{NESTED_CGROUP}/{child}").get("container_id")
                self.eventually_equal(read, id_of("nested"), "container of the nested cgroup")

    def test_what_is_no_container_has_no_container_id(self):
        plain = ("/lab.slice/plain.service", "/system.slice/control.service", "/system.slice/cgroup2_exporter.service")
        for cgroup in ("/", "/lab.slice", "/unknown", "/kubepods/burstable", *plain):
            with self.subTest(cgroup=cgroup):
                self.assertNotIn("container_id", self.info(cgroup))

    def test_namespace_inodes_are_the_kernels(self):
        for cgroup in (DOCKER_CGROUP, POD_CGROUP, "/unknown/x", "/hand", "/lab.slice/plain.service"):
            with self.subTest(cgroup=cgroup):
                directory = f"/proc/$(sed -n 1p '/sys/fs/cgroup{cgroup}/cgroup.procs')/ns"
                links = self.machine.text(f"cd {directory}; for name in {' '.join(NAMESPACES)}; do readlink $name; done")
                kernel = dict(re.findall(r"^(\w+):\[(\d+)\]$", links, re.MULTILINE))
                self.assertEqual(set(kernel), set(NAMESPACES))
                kernel["cgroup_ns"], kernel["user_ns"] = kernel.pop("cgroup"), kernel.pop("user")  # the labels `cgroup` and `user` are others
                read = lambda: self.series("cgroup_namespace_info", cgroup=cgroup)
                found = self.eventually(read, bool, "cgroup_namespace_info")
                self.assertEqual({name: found[0][0].get(name) for name in kernel}, kernel)
