# SPDX-License-Identifier: Apache-2.0
"""Docker's containers, as `docker inspect` describes them."""

from runtime_case import RuntimeTest


class DockerTest(RuntimeTest):
    stage = """
        docker import "$(busybox_layer)" lab/busybox:7
        docker run --detach --name box --network none lab/busybox:7 sleep 100000
    """

    def inspect(self):
        """The container `box` and the cgroup of its process."""
        (box,) = self.answer("docker inspect box")
        return box, self.cgroup_of(box["State"]["Pid"])

    def test_cgroup_is_the_containers(self):
        box, cgroup = self.inspect()
        self.check_info(cgroup, container_id=box["Id"], kind="container", runtime="docker")

    def test_name_is_on_every_series(self):
        box, cgroup = self.inspect()
        self.check_owner(cgroup, container_id=box["Id"], container=box["Name"].removeprefix("/"))

    def test_image_is_the_one_it_was_started_from(self):
        box, cgroup = self.inspect()
        self.check_info(cgroup, image=box["Config"]["Image"])

    def test_restarted_container_keeps_id_and_name(self):
        before, _ = self.inspect()
        self.machine.sh("docker restart --time 0 box")
        after, cgroup = self.inspect()
        self.assertEqual(after["Id"], before["Id"])
        self.assertNotEqual(after["State"]["Pid"], before["State"]["Pid"])
        inode = self.machine.text(f"readlink /proc/{after['State']['Pid']}/ns/pid").strip("pid:[]")
        shown = lambda: [labels["pid"] for labels, _ in self.series("cgroup_namespace_info", cgroup=cgroup)]
        self.eventually_equal(shown, [inode], "pid namespace after the restart")
        self.check_owner(cgroup, container_id=after["Id"], container="box")

    def test_renamed_container_has_its_new_name_once_it_is_started_again(self):
        box, cgroup = self.inspect()
        self.addCleanup(lambda: self.machine.sh("docker rename crate box && docker restart --time 0 box"))
        self.machine.sh("docker rename box crate && docker restart --time 0 crate")
        self.check_owner(cgroup, container_id=box["Id"], container="crate")

    def test_successor_of_the_same_name_has_its_own_id(self):
        before, _ = self.inspect()
        self.machine.sh("docker rm --force box && docker run --detach --name box --network none lab/busybox:7 sleep 100000")
        after, cgroup = self.inspect()
        self.assertNotEqual(after["Id"], before["Id"])
        self.check_owner(cgroup, container_id=after["Id"], container="box")
        self.check_gone(before["Id"])
