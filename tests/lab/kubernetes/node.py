# SPDX-License-Identifier: Apache-2.0
"""A node without an API server: its pods come from files, and the kubelet and containerd are asked what they made of them."""

import dataclasses
import json
import pathlib
import time
import urllib.request

from machine import Image

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2] / "build/lab/runtimes/root.ext4"
KUBELET = 10255
EXPORTERS = {"minimal": 9401, "names": 9402, "full": 9403}
PATIENCE = 420
DRIVERS = {"systemd": "", "cgroupfs": "lab.driver=cgroupfs"}


def image(driver):
    # Without AppArmor, because containerd that finds it in the kernel wants its parser.
    return Image(HERE / "image.sh", ("-smp", "2", "-m", "3G"), ROOT, append=f"apparmor=0 {DRIVERS[driver]}", patience=240,
                 ports=(KUBELET, *EXPORTERS.values()))


@dataclasses.dataclass(frozen=True)
class Container:
    """A container, or the sandbox of a pod, as containerd has it."""

    id: str
    cgroup: str
    namespace: str
    pod: str
    uid: str
    name: str | None  # a sandbox has none
    image: str

    @property
    def pod_cgroup(self):
        return self.cgroup.rpartition("/")[0]


class Node:
    def __init__(self, machine):
        self.machine = machine
        self._told = {}  # by a container's id: what containerd said of it, which takes an emulated machine seconds

    def kubelet(self, path):
        return self.answer(KUBELET, path)

    def answer(self, port, path):
        """What is served on a port of the node."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.machine.ports[port]}{path}", timeout=120) as response:
            return response.read().decode()

    def pods(self):
        """(namespace, name) -> pod, as the kubelet tells it. It adds the node's name to that of a static pod."""
        return {(pod["metadata"]["namespace"], pod["metadata"]["name"]): pod for pod in json.loads(self.kubelet("/pods"))["items"] or []}

    def pod(self, namespace, name):
        return self.pods().get((namespace, f"{name}-lab"), {})

    def apply(self, *pods):
        """Has the kubelet run them. A file comes into being at once, because the kubelet looks at the directory."""
        place = "/etc/kubernetes/manifests"
        for pod in pods:
            file = f"{pod['metadata']['namespace']}-{pod['metadata']['name']}.json"
            self.machine.sh(f"cat >/run/{file} <<'END'\n{json.dumps(pod)}\nEND\ncp /run/{file} {place}/.{file} && mv {place}/.{file} {place}/{file}")

    def delete(self, namespace, name):
        self.machine.sh(f"rm /etc/kubernetes/manifests/{namespace}-{name}.json")

    def wait_until_ready(self, *pods, seconds=PATIENCE):
        """Until the kubelet's own probes say so."""
        deadline = time.monotonic() + seconds
        wanted = {(pod["metadata"]["namespace"], f"{pod['metadata']['name']}-lab") for pod in pods}
        while True:
            ready = {name for name, pod in self.pods().items() if is_ready(pod)}
            if wanted <= ready:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"not ready: {wanted - ready}\n" + self.machine.text("journalctl -u kubelet -n 60 -o cat | cut -c1-400"))
            time.sleep(2)

    def containers(self):
        """What runs, and where: containerd's word for the names, the kernel's for the cgroup."""
        cgroups = dict(line.split(" ", 1) for line in self.machine.text("tasks", timeout=60).splitlines())
        new = [id for id in cgroups if id not in self._told]
        if new:
            for line in self.machine.text(f"containers {' '.join(new)}", timeout=240).splitlines():
                told = json.loads(line)
                self._told[told["ID"]] = told
        found = []
        for id, cgroup in cgroups.items():
            labels, annotations = self._told[id]["Labels"], self._told[id]["Spec"]["annotations"]
            found.append(Container(
                id, cgroup, labels["io.kubernetes.pod.namespace"], labels["io.kubernetes.pod.name"], labels["io.kubernetes.pod.uid"],
                labels.get("io.kubernetes.container.name"), annotations.get("io.kubernetes.cri.image-name", self._told[id]["Image"])))
        return found


def is_ready(pod):
    return any((condition["type"], condition["status"]) == ("Ready", "True") for condition in pod["status"].get("conditions", []))
