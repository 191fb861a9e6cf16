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


class MoveTest(RuntimeTest):
    """One daemon whose configuration and one whose command line names another directory. The exporter looks at these once a minute, so
    MovedTest comes later. It knows the second by the file with its number, where the first has had its own."""

    stage = """
        docker ps --quiet | xargs --no-run-if-empty docker rm --force
        echo '{"bridge": "none", "iptables": false, "ip6tables": false, "data-root": "/data/moved", "pidfile": "/run/moved.pid"}' \
          >/etc/docker/daemon.json
        systemctl restart docker.service
        echo '{}' >/run/flagged.json
        systemd-run --quiet --unit flagged --property Delegate=yes dockerd --config-file /run/flagged.json --data-root /data/flagged \
          --exec-root /run/docker-flagged --host unix:///run/flagged.sock --containerd /run/containerd/containerd.sock \
          --containerd-namespace flagged --containerd-plugins-namespace plugins.flagged --bridge none --iptables=false --ip6tables=false
        timeout 60 sh -c 'until docker --host unix:///run/flagged.sock version >/dev/null 2>&1; do sleep 0.2; done'
        for daemon in docker flagged; do
          docker --host unix:///run/$daemon.sock import "$(busybox_layer)" lab/busybox:7
          docker --host unix:///run/$daemon.sock run --detach --name of-$daemon --network none lab/busybox:7 sleep 100000
        done
    """

    def test_daemons_have_other_directories(self):
        for daemon, directory in (("docker", "/data/moved"), ("flagged", "/data/flagged")):
            shown = self.machine.text(f"docker --host unix:///run/{daemon}.sock info --format '{{{{.DockerRootDir}}}}'")
            self.assertEqual(shown, directory)


class MovedTest(RuntimeTest):
    def test_containers_below_other_directories_are_named(self):
        for daemon in ("docker", "flagged"):
            with self.subTest(daemon=daemon):
                (container,) = self.answer(f"docker --host unix:///run/{daemon}.sock inspect of-{daemon}")
                cgroup = self.cgroup_of(container["State"]["Pid"])
                named = lambda: self.info(cgroup).get("container")
                self.eventually_equal(named, f"of-{daemon}", f"name of {cgroup}", seconds=90)
                self.check_info(cgroup, container_id=container["Id"], runtime="docker", image=container["Config"]["Image"])
