# SPDX-License-Identifier: Apache-2.0
"""Containers that look like machines: LXC's and systemd-nspawn's, as `lxc-info` and `machinectl` describe them."""

from runtime_case import RuntimeTest


class LxcTest(RuntimeTest):
    stage = """
        mkdir -p /var/lib/lxc/cell
        printf '%s\n' 'lxc.uts.name = cell' 'lxc.rootfs.path = dir:/lab/rootfs' 'lxc.net.0.type = empty' \
          'lxc.init.cmd = /bin/sleep 100000' >/var/lib/lxc/cell/config
        lxc-start --name cell
        lxc-wait --name cell --state RUNNING --timeout 30
    """

    def cgroup(self):
        return self.cgroup_of(self.machine.text("lxc-info --name cell --pid --no-humanize"))

    def test_cgroup_is_the_containers(self):
        self.check_info(self.cgroup(), container_id="cell", kind="container", runtime="lxc")

    def test_name_is_on_every_series(self):
        self.check_owner(self.cgroup(), container_id="cell", container="cell")

    def test_monitor_is_told_from_its_container(self):
        self.check_info("/lxc.monitor.cell", kind="lxc-monitor", runtime="lxc")


class NspawnCase(RuntimeTest):
    def show(self, machine, name):
        return self.machine.text(f"machinectl show {machine} --property {name} --value")


class NspawnTest(NspawnCase):
    """A process started by the template unit that systemd has for this."""

    stage = """
        mkdir -p /var/lib/machines/room /etc/systemd/nspawn
        cp -a /lab/rootfs/. /var/lib/machines/room
        printf '%s\n' '[Exec]' Boot=no 'Parameters=sleep 100000' PrivateUsers=no '[Network]' VirtualEthernet=no \
          >/etc/systemd/nspawn/room.nspawn
        machinectl start room
    """

    def test_cgroup_is_the_containers(self):
        cgroup = self.cgroup_of(self.show("room", "Leader"))
        self.assertEqual(cgroup, f"/machine.slice/{self.show('room', 'Unit')}/payload")
        for each in (cgroup, cgroup.removesuffix("/payload")):
            with self.subTest(cgroup=each):
                self.check_info(each, container_id="room", kind="container", runtime="nspawn")

    def test_name_is_on_every_series(self):
        self.check_owner(self.cgroup_of(self.show("room", "Leader")), container_id="room", container="room")


class OtherUnitTest(NspawnCase):
    """A machine in a unit of its administrator's, which systemd-machined links to it."""

    stage = """
        systemd-run --quiet --unit=container@web.service --slice=machine.slice --property=Delegate=yes \
          systemd-nspawn --quiet --keep-unit --machine=web --directory=/lab/rootfs --ephemeral sleep 100000
        timeout 60 sh -c 'until machinectl show web >/dev/null 2>&1; do sleep 0.2; done'
    """

    def test_cgroup_is_the_containers(self):
        cgroup = self.cgroup_of(self.show("web", "Leader"))
        self.assertEqual(cgroup.removesuffix("/payload"), "/machine.slice/container@web.service")
        self.check_info(cgroup, container_id="web", kind="container", runtime="nspawn", container="web")


class NestedTest(NspawnCase):
    """A container in which a systemd makes cgroups, with a name that systemd escapes."""

    stage = r"""
        root=$(debian_root nspawn)
        systemd-run --quiet systemd-nspawn --quiet --directory="$root" --machine=tree-house --boot systemd.unit=lab-nested.target
        await_inside '/machine.slice/machine-tree\x2dhouse.scope/payload'
    """

    def cgroups(self):
        """That of the machine, and that of a service of the systemd inside."""
        machine = f"/machine.slice/{self.show('tree-house', 'Unit')}"
        return machine, f"{machine}/payload/system.slice/lab-plain.service"

    def test_cgroups_inside_carry_the_containers_id(self):
        for each in self.cgroups():
            with self.subTest(cgroup=each):
                self.check_info(each, container_id="tree-house", kind="container", runtime="nspawn")

    def test_name_is_on_every_series(self):
        for each in self.cgroups():
            with self.subTest(cgroup=each):
                self.check_owner(each, container_id="tree-house", container="tree-house")

    def test_path_inside_is_told(self):
        machine, inner = self.cgroups()
        self.check_info(machine, subpath=None)
        self.check_info(inner, subpath="payload/system.slice/lab-plain.service")
