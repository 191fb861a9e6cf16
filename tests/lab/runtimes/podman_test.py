# SPDX-License-Identifier: Apache-2.0
"""Podman's containers and pods, as `podman inspect` describes them."""

from runtime_case import RuntimeTest


class PodmanCase(RuntimeTest):
    podman = "podman"

    def inspect(self, name):
        """A container and its cgroup: the scope, which has the limits. Its process is in a child of that."""
        (container,) = self.answer(f"{self.podman} inspect {name}")
        cgroup = container["State"]["CgroupPath"]
        self.assertEqual(self.cgroup_of(container["State"]["Pid"]), f"{cgroup}/container")
        return container, cgroup

    def check_container(self, name):
        container, cgroup = self.inspect(name)
        for each in (cgroup, f"{cgroup}/container"):
            with self.subTest(cgroup=each):
                self.check_info(each, container_id=container["Id"], kind="container", runtime="libpod")

    def check_name(self, name, **more):
        container, cgroup = self.inspect(name)
        for each in (cgroup, f"{cgroup}/container"):
            with self.subTest(cgroup=each):
                self.check_owner(each, container_id=container["Id"], container=container["Name"], **more)


class PodmanTest(PodmanCase):
    stage = """
        podman import --quiet "$(busybox_layer)" lab/busybox:7
        podman run --detach --name jar --network none lab/busybox:7 sleep 100000
    """

    def test_cgroup_is_the_containers(self):
        self.check_container("jar")

    def test_name_is_on_every_series(self):
        self.check_name("jar")

    def test_image_is_the_one_it_was_started_from(self):
        container, cgroup = self.inspect("jar")
        self.check_info(cgroup, image=container["ImageName"])

    def test_monitor_is_told_from_its_container(self):
        container, _ = self.inspect("jar")
        self.check_info(self.cgroup_of(container["State"]["ConmonPid"]), container_id=container["Id"], kind="conmon", runtime="libpod")

    def test_cgroup_below_the_scope_says_which(self):
        _, cgroup = self.inspect("jar")
        self.check_info(cgroup, subpath=None)
        self.check_info(f"{cgroup}/container", subpath="container")

    def test_restarted_container_keeps_id_and_name(self):
        before, _ = self.inspect("jar")
        self.machine.sh("podman restart --time 0 jar")
        after, cgroup = self.inspect("jar")
        self.assertEqual(after["Id"], before["Id"])
        self.assertNotEqual(after["State"]["Pid"], before["State"]["Pid"])
        inode = self.machine.text(f"readlink /proc/{after['State']['Pid']}/ns/pid").strip("pid:[]")
        shown = lambda: [labels["pid"] for labels, _ in self.series("cgroup_namespace_info", cgroup=f"{cgroup}/container")]
        self.eventually_equal(shown, [inode], "pid namespace after the restart")
        self.check_name("jar")

    def test_successor_of_the_same_name_has_its_own_id(self):
        before, _ = self.inspect("jar")
        self.machine.sh("podman rm --force --time 0 jar && podman run --detach --name jar --network none lab/busybox:7 sleep 100000")
        self.assertNotEqual(self.inspect("jar")[0]["Id"], before["Id"])
        self.check_name("jar")
        self.check_gone(before["Id"])


class PodTest(PodmanCase):
    stage = """
        podman pod create --name shelf --network none
        podman run --detach --pod shelf --name book lab/busybox:7 sleep 100000
    """

    def infra(self):
        """The container that holds the pod's namespaces, and its cgroup."""
        return self.inspect(self.answer("podman pod inspect shelf")["InfraContainerID"])

    def test_cgroups_are_the_containers(self):
        self.check_container("book")

    def test_pod_is_named_beside_the_container(self):
        self.check_name("book", pod="shelf")

    def test_infra_container_is_a_sandbox(self):
        container, cgroup = self.infra()
        self.check_info(cgroup, container_id=container["Id"], kind="sandbox", runtime="libpod", pod="shelf", container=None)

    def test_cgroup_of_the_pod_has_its_name(self):
        cgroup = self.answer("podman pod inspect shelf")["CgroupPath"]
        self.check_info("/" + cgroup.strip("/"), kind="pod", pod="shelf", container=None, container_id=None)


class NestedPodmanTest(PodmanCase):
    """A container in which a systemd makes cgroups."""

    stage = """
        podman run --detach --name tower --network none --systemd always --rootfs "$(debian_root podman)" \
          /sbin/init systemd.unit=lab-nested.target
        await_inside "$(podman inspect --format '{{.State.CgroupPath}}' tower)/container"
    """

    def inspect_inside(self):
        """The container, and the cgroup of a service of the systemd inside."""
        (container,) = self.answer("podman inspect tower")
        return container, container["State"]["CgroupPath"] + "/container/system.slice/lab-plain.service"

    def test_cgroup_inside_carries_the_containers_id(self):
        container, inner = self.inspect_inside()
        self.check_info(inner, container_id=container["Id"], kind="container", runtime="libpod")

    def test_name_is_on_every_series(self):
        container, inner = self.inspect_inside()
        self.check_owner(inner, container_id=container["Id"], container="tower")


class SplitPodmanTest(PodmanCase):
    """A container whose cgroups are in those of the service that runs it, as Quadlet has it."""

    stage = """
        systemd-run --quiet --unit vase --property Delegate=yes --property Type=notify --property NotifyAccess=all \
          podman run --name vase --cgroups split --sdnotify conmon --network none lab/busybox:7 sleep 100000
    """

    def test_container_is_named_beside_its_service(self):
        (container,) = self.answer("podman inspect vase")
        cgroup = container["State"]["CgroupPath"]
        self.check_info(cgroup, kind="container", runtime="libpod", unit="vase.service")
        self.check_owner(cgroup, container_id=container["Id"], container="vase")

    def test_service_is_no_container(self):
        cgroup = self.machine.text("systemctl show --property ControlGroup --value vase.service")
        self.check_info(cgroup, kind="other", unit="vase.service", container_id=None, container=None)


class RootlessPodmanTest(PodmanCase):
    podman = "as_lab podman"
    stage = """
        as_lab podman import --quiet "$(busybox_layer)" lab/busybox:7
        as_lab podman run --detach --name tin --network none lab/busybox:7 sleep 100000
    """

    def test_cgroup_is_the_containers(self):
        self.check_container("tin")

    def test_name_is_on_every_series(self):
        self.check_name("tin")

    def test_image_is_the_one_it_was_started_from(self):
        container, cgroup = self.inspect("tin")
        self.check_info(cgroup, image=container["ImageName"])
