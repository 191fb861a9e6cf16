# SPDX-License-Identifier: Apache-2.0
"""What a kubelet and containerd leave in the machine when they start a pod: cgroups and the links to the containers' logs. As shell scripts."""

import dataclasses
import uuid

from case import id_of

QOS = "/kubepods.slice/kubepods-burstable.slice"


def link_to_log(namespace, pod, uid, container, container_id):
    """A container's name, as whoever may read /var/log/containers finds it."""
    return (f"mkdir -p /var/log/containers\nln -s /var/log/pods/{namespace}_{pod}_{uid}/{container}/0.log "
            f"/var/log/containers/{pod}_{namespace}_{container}-{container_id}.log\n")


def made(cgroup, limits):
    lines = [f"mkdir -p /sys/fs/cgroup{cgroup}"] + [f"echo '{value}' >/sys/fs/cgroup{cgroup}/{file}" for file, value in limits.items()]
    return "\n".join(lines) + "\n"


def run_in(cgroup, command):
    """Runs it there; the script goes on when it is over, whatever came of it."""
    return f"sh -c 'echo 0 >/sys/fs/cgroup{cgroup}/cgroup.procs; exec {command}' 2>/dev/null || true\n"


def keep_in(cgroup, command):
    """Runs it there and goes on."""
    return f"(exec </dev/null >/dev/null 2>&1; echo 0 >/sys/fs/cgroup{cgroup}/cgroup.procs; exec {command}) &\n"


@dataclasses.dataclass(frozen=True)
class Pod:
    """`limits` of pods and containers are interface files and their values, as {"memory.max": 4194304}."""

    namespace: str
    name: str

    @property
    def uid(self):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.namespace}/{self.name}"))

    @property
    def cgroup(self):
        return f"{QOS}/kubepods-burstable-pod{self.uid.replace('-', '_')}.slice"

    def start(self, limits):
        """With its sandbox, in which nothing goes on."""
        sandbox = f"{self.cgroup}/cri-containerd-{id_of(self.uid)}.scope"
        parents = "".join(f"mkdir -p {path}\nenable_controllers {path}\n" for path in (
            "/sys/fs/cgroup/kubepods.slice", f"/sys/fs/cgroup{QOS}", f"/sys/fs/cgroup{self.cgroup}"))
        return parents + made(self.cgroup, limits) + made(sandbox, {}) + keep_in(sandbox, "sleep 100000")

    def container(self, name, restarts=0):
        return Container(self, name, restarts)


@dataclasses.dataclass(frozen=True)
class Container:
    pod: Pod
    name: str
    restarts: int

    @property
    def id(self):
        return id_of(f"{self.pod.uid}/{self.name}/{self.restarts}")

    @property
    def cgroup(self):
        return f"{self.pod.cgroup}/cri-containerd-{self.id}.scope"

    @property
    def owner(self):
        """The labels of what is counted by owner."""
        return {"namespace": self.pod.namespace, "pod": self.pod.name, "container": self.name}

    @property
    def labels(self):
        return {**self.owner, "container_id": self.id}

    def create(self, limits):
        """The link comes before the first process."""
        return link_to_log(self.pod.namespace, self.pod.name, self.pod.uid, self.name, self.id) + made(self.cgroup, limits)

    def remove(self):
        """Right after its last process. A kubelet keeps the links of the dead for a while."""
        return f"until rmdir /sys/fs/cgroup{self.cgroup} 2>/dev/null; do :; done\n"
