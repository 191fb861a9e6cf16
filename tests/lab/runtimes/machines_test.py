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


class NestedTest(NspawnCase):
    """A container in which a systemd makes cgroups."""

    stage = """
        systemd-run --quiet --unit house systemd-nspawn --quiet --directory=/ --volatile=state --machine=house --boot \
          systemd.unit=lab-nested.target
        for _ in $(seq 60); do
          inner=$(find /sys/fs/cgroup/machine.slice -path '*house*/lab-plain.service') && [ -n "$inner" ] && break
          sleep 0.5
        done
        [ -n "$inner" ]
    """

    def inner(self):
        """The cgroup of a service of the systemd inside, and that of the machine."""
        machine = f"/machine.slice/{self.show('house', 'Unit')}"
        return f"{machine}/payload/system.slice/lab-plain.service", machine

    def test_cgroups_inside_carry_the_containers_id(self):
        inner, machine = self.inner()
        (pid,) = self.machine.text(f"cat /sys/fs/cgroup{inner}/cgroup.procs").split()
        leader = self.show("house", "Leader")
        self.assertEqual(*self.machine.text(f"readlink /proc/{pid}/ns/pid /proc/{leader}/ns/pid").split())
        for each in (inner, machine):
            with self.subTest(cgroup=each):
                self.check_info(each, container_id="house", kind="container", runtime="nspawn")

    def test_name_is_on_every_series(self):
        for each in self.inner():
            with self.subTest(cgroup=each):
                self.check_owner(each, container_id="house", container="house")

    def test_path_inside_is_told(self):
        inner, machine = self.inner()
        self.check_info(inner, subpath="payload/system.slice/lab-plain.service")
        self.check_info(machine, subpath=None)
