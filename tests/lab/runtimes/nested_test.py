# SPDX-License-Identifier: Apache-2.0
"""A Docker daemon in a container, as runners of CI have it."""

from runtime_case import RuntimeTest


class DockerInDockerTest(RuntimeTest):
    """Its images and containers are in a volume, which is another mount in the outer container. What the daemon's image does for cgroup v2 is
    done here: the processes leave the topmost cgroup, so that the daemon can make cgroups with controllers."""

    stage = """
        mkdir -p /data/inner
        podman run --detach --name outer --privileged --network none --cgroupns private --volume /data/inner:/var/lib/docker \\
          --rootfs "$(debian_root outer)" sh -c '
            mkdir /sys/fs/cgroup/init
            echo 1 >/sys/fs/cgroup/init/cgroup.procs
            sed "s/^/+/; s/ / +/g" /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
            echo "{}" >/run/empty.json
            exec dockerd --config-file /run/empty.json --bridge none --iptables=false --ip6tables=false'
        timeout 60 sh -c 'until podman exec outer docker version >/dev/null 2>&1; do sleep 0.5; done'
        podman exec --interactive outer docker import - lab/busybox:7 <"$(busybox_layer)"
        podman exec outer docker run --detach --name job --network none lab/busybox:7 sleep 100000
    """

    def test_container_is_named_beside_the_one_that_it_is_in(self):
        (outer,) = self.answer("podman inspect outer")
        (job,) = self.answer("podman exec outer docker inspect job")
        cgroup = f"{outer['State']['CgroupPath']}/container/docker/{job['Id']}"
        self.check_info(cgroup, kind="container", runtime="libpod", nested_runtime="docker", nested_container_id=job["Id"], nested_container="job")
        self.check_owner(cgroup, container_id=outer["Id"], container="outer")
