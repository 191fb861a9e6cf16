# SPDX-License-Identifier: Apache-2.0
"""Runs the pod of a DaemonSet in the machine as a kubelet has its runtime run it: the images as they were built, by podman and crun, with the
pod's flags, rights, mounts, limits and network. AppArmor and SELinux are not in the machine's kernel."""

import json
import re
import shlex
import time

from pod_network import POD_ADDRESS, Network
from pod_volumes import Volumes, known

# What is carried out below, and what means nothing to one pod on one machine. Anything else must not go unseen.
POD = {"securityContext", "containers", "volumes", "hostNetwork", "hostPID", "hostIPC", "terminationGracePeriodSeconds"}
POD_ELSEWHERE = {"serviceAccountName", "automountServiceAccountToken", "enableServiceLinks", "priorityClassName", "nodeSelector", "tolerations"}
CONTAINER = {"name", "image", "imagePullPolicy", "args", "ports", "livenessProbe", "readinessProbe", "resources", "securityContext", "volumeMounts"}
SECURITY = {"runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile", "appArmorProfile", "allowPrivilegeEscalation", "privileged",
            "readOnlyRootFilesystem", "capabilities"}
# The machine's podman does not know recursiveReadOnly; a test says what else is mounted in the pod.
MOUNT = {"name", "mountPath", "readOnly", "mountPropagation", "recursiveReadOnly"}
PROBE = {"httpGet", "tcpSocket", "periodSeconds", "timeoutSeconds", "failureThreshold"}


class Pod:
    """One pod by its spec, called `name`; one at a time. `objects` are the Secrets and ConfigMaps of the API server: (kind, name) -> key -> text.
    What is said of "the container" below is said of the exporter's."""

    def __init__(self, machine, name, spec, objects=None):
        self.machine, self.name = machine, name
        self.spec = known(spec, POD | POD_ELSEWHERE)
        assert not spec["hostNetwork"]
        self.containers = [known(container, CONTAINER) for container in spec["containers"]]
        (self.container,) = [container for container in self.containers if container["name"] == "exporter"]
        self.ports = {port["name"]: port["containerPort"] for container in self.containers for port in container["ports"]}
        self.volumes = Volumes(name, spec["volumes"], objects or {})
        self.network = Network(name)

    def name_of(self, container):
        return self.name if container is self.container else f"{self.name}-{container['name']}"

    def mounts(self, container):
        propagation = {"None": "rprivate", "HostToContainer": "rslave"}
        for mount in container["volumeMounts"]:
            options = ["ro" if known(mount, MOUNT).get("readOnly") else "rw", propagation[mount.get("mountPropagation", "None")]]
            yield f"{self.volumes.source(mount['name'])}:{mount['mountPath']}:{','.join(options)}"

    def command(self, container):
        """The words for podman, which takes the entry point from the image."""
        security = known({**self.spec["securityContext"], **container["securityContext"]}, SECURITY)
        namespace = lambda wanted: "host" if wanted else "private"
        assert security["seccompProfile"] == {"type": "RuntimeDefault"} and not security["privileged"], security
        assert security["runAsUser"] != 0 or not security["runAsNonRoot"], security
        # A kubelet does not know HEALTHCHECK either; podman would start itself for it again and again.
        words = ["--name", self.name_of(container), "--pull", "never", "--no-healthcheck",
                 "--pid", namespace(self.spec["hostPID"]), "--ipc", namespace(self.spec["hostIPC"]), "--network", f"ns:{self.network.path}",
                 "--user", f"{security['runAsUser']}:{security['runAsGroup']}", "--stop-timeout", str(self.spec["terminationGracePeriodSeconds"])]
        if security["readOnlyRootFilesystem"]:
            words += ["--read-only", "--read-only-tmpfs=false"]
        if not security["allowPrivilegeEscalation"]:
            words += ["--security-opt", "no-new-privileges"]
        for verb in ("drop", "add"):
            for capability in security["capabilities"].get(verb, []):
                words += [f"--cap-{verb}", capability]
        for mount in self.mounts(container):
            words += ["--volume", mount]
        limits = dict(container["resources"]["limits"])
        words += ["--memory", re.fullmatch(r"(\d+)Mi", limits.pop("memory")).group(1) + "m"]
        assert not limits, limits
        return shlex.join([*words, container["image"], *container["args"]])

    def run(self):
        starts = [f"podman run --detach {self.command(container)}" for container in self.containers]
        self.machine.sh("\n".join(["set -e", *self.volumes.make(), self.network.up(), *starts]), timeout=120)

    def start(self):
        self.run()
        self.wait_until_ready()

    def start_anew(self):
        """As after an update of the DaemonSet: another container, and whatever the volumes kept."""
        self.remove()
        self.start()

    def restart(self):
        self.machine.sh(f"podman restart {self.name}", timeout=120)
        self.wait_until_ready()

    def run_to_its_end(self):
        """The exit status of a container that should not live, and what it said."""
        self.run()
        status = self.machine.text(f"podman wait {self.name}", timeout=120)
        said = self.log()
        self.remove()
        return int(status), said

    def remove(self):
        names = " ".join(self.name_of(container) for container in self.containers)
        self.machine.sh(f"podman rm --force --time 10 {names}; {self.network.down()}", timeout=120)

    def update_files(self):
        """As a kubelet does some time after a Secret or a ConfigMap changed."""
        self.machine.sh("\n".join(["set -e", *self.volumes.write()]))

    def find_process(self):
        self.pid = int(self.machine.text(f"podman inspect --format '{{{{.State.Pid}}}}' {self.name}"))

    def get(self, path, port="metrics"):
        """Over plain HTTP from the node, as a kubelet's probe and Prometheus come."""
        return self.machine.text(f"timeout 20 busybox wget -q -O - http://{POD_ADDRESS}:{self.ports[port]}{path}")

    def get_inside(self, path, port):
        """The same from the pod's own network, at its loopback address and a port's number."""
        return self.machine.text("timeout 20 " + self.network.inside(f"busybox wget -q -O - http://127.0.0.1:{port}{path}"))

    def probe(self, kind):
        """Has the kubelet's probes of all containers that have one succeed."""
        for wanted in [known(container[kind], PROBE) for container in self.containers if kind in container]:
            if "httpGet" in wanted:
                asked = known(wanted["httpGet"], {"path", "port"})  # of the scheme HTTP
                self.get(asked["path"], asked["port"])
            else:
                self.machine.sh(f"timeout 20 bash -c '</dev/tcp/{POD_ADDRESS}/{self.ports[wanted['tcpSocket']['port']]}'")

    def wait_until_ready(self):
        self.find_process()
        deadline = time.monotonic() + 90
        while True:
            try:
                return self.probe("readinessProbe")
            except AssertionError:
                if time.monotonic() > deadline:
                    raise AssertionError("not ready: " + self.log()) from None
            time.sleep(1)

    def log(self):
        return self.machine.text(f"podman logs {self.name} 2>&1")

    def check_health(self, *more):
        """By the image's HEALTHCHECK, and what its user may add to it."""
        kind, *words = self.image()["Healthcheck"]["Test"]
        assert kind == "CMD", kind
        self.machine.sh(f"podman exec {self.name} {shlex.join([*words, *more])}")

    def status(self):
        """What the kernel says of the process, by key."""
        lines = self.machine.text(f"cat /proc/{self.pid}/status").splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def mounted(self):
        """Mount point -> its first option, ro or rw."""
        lines = (line.split() for line in self.machine.text(f"cat /proc/{self.pid}/mountinfo").splitlines())
        return {fields[4]: fields[5].split(",")[0] for fields in lines}

    def image(self):
        """What podman knows of the image."""
        (image,) = json.loads(self.machine.text(f"podman image inspect {self.container['image']}"))
        return image
