# SPDX-License-Identifier: Apache-2.0
"""Runs the pod of a DaemonSet in the machine as a kubelet has its runtime run it: the image as it was built, by podman and crun, with the pod's
flags, rights, mounts and limits. AppArmor and SELinux are not in the machine's kernel."""

import json
import re
import shlex
import time

# What is carried out below, and what means nothing to one pod on one machine. Anything else must not go unseen.
POD = {"securityContext", "containers", "volumes", "hostNetwork", "hostPID", "hostIPC", "terminationGracePeriodSeconds"}
POD_ELSEWHERE = {"serviceAccountName", "automountServiceAccountToken", "enableServiceLinks", "priorityClassName", "nodeSelector", "tolerations"}
CONTAINER = {"name", "image", "imagePullPolicy", "args", "ports", "livenessProbe", "readinessProbe", "resources", "securityContext", "volumeMounts"}
SECURITY = {"runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile", "appArmorProfile", "allowPrivilegeEscalation", "privileged",
            "readOnlyRootFilesystem", "capabilities"}
VOLUME = {"name", "hostPath", "emptyDir"}
# The machine's podman does not know recursiveReadOnly; a test says what else is mounted in the pod.
MOUNT = {"name", "mountPath", "readOnly", "mountPropagation", "recursiveReadOnly"}


def known(what, keys):
    assert set(what) <= keys, f"not understood: {set(what) - keys}"
    return what


class Pod:
    """One pod by its spec, called `name`."""

    def __init__(self, machine, name, spec):
        self.machine, self.name = machine, name
        self.spec = known(spec, POD | POD_ELSEWHERE)
        (container,) = spec["containers"]
        self.container = known(container, CONTAINER)
        self.security = known({**spec["securityContext"], **container["securityContext"]}, SECURITY)
        self.port = container["ports"][0]["containerPort"]

    def directories(self):
        """What the kubelet makes before the container starts, as a shell script; a hostPath of type Directory must be there."""
        for volume in self.spec["volumes"]:
            path, kind = self.source(volume), volume.get("hostPath", {}).get("type")
            if "emptyDir" in volume:
                yield f"rm -rf {path} && mkdir -p {path} && chmod 777 {path}"
            elif kind == "DirectoryOrCreate":
                yield f"mkdir -p {path}"
            else:
                assert kind == "Directory", kind
                yield f"test -d {path}"

    def source(self, volume):
        known(volume, VOLUME)
        return volume["hostPath"]["path"] if "hostPath" in volume else f"/run/pods/{self.name}/{volume['name']}"

    def mounts(self):
        volumes = {volume["name"]: volume for volume in self.spec["volumes"]}
        propagation = {"None": "rprivate", "HostToContainer": "rslave"}
        for mount in self.container["volumeMounts"]:
            options = ["ro" if known(mount, MOUNT).get("readOnly") else "rw", propagation[mount.get("mountPropagation", "None")]]
            yield f"{self.source(volumes[mount['name']])}:{mount['mountPath']}:{','.join(options)}"

    def command(self):
        """The words for podman, which takes the entry point from the image."""
        security, namespace = self.security, lambda wanted, otherwise: "host" if wanted else otherwise
        assert security["seccompProfile"] == {"type": "RuntimeDefault"} and not security["privileged"], security
        assert security["runAsUser"] != 0 or not security["runAsNonRoot"], security
        # A kubelet does not know HEALTHCHECK either; podman would start itself for it again and again.
        words = ["--name", self.name, "--pull", "never", "--no-healthcheck",
                 "--pid", namespace(self.spec["hostPID"], "private"), "--ipc", namespace(self.spec["hostIPC"], "private"),
                 "--network", namespace(self.spec["hostNetwork"], "none"),
                 "--user", f"{security['runAsUser']}:{security['runAsGroup']}", "--stop-timeout", str(self.spec["terminationGracePeriodSeconds"])]
        if security["readOnlyRootFilesystem"]:
            words += ["--read-only", "--read-only-tmpfs=false"]
        if not security["allowPrivilegeEscalation"]:
            words += ["--security-opt", "no-new-privileges"]
        for verb in ("drop", "add"):
            for capability in security["capabilities"].get(verb, []):
                words += [f"--cap-{verb}", capability]
        for mount in self.mounts():
            words += ["--volume", mount]
        limits = dict(self.container["resources"]["limits"])
        words += ["--memory", re.fullmatch(r"(\d+)Mi", limits.pop("memory")).group(1) + "m"]
        assert not limits, limits
        return shlex.join([*words, self.container["image"], *self.container["args"]])

    def run(self):
        self.machine.sh("set -e\n" + "\n".join(self.directories()) + f"\npodman run --detach {self.command()}", timeout=120)

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
        said = self.machine.text(f"podman logs {self.name} 2>&1")
        self.remove()
        return int(status), said

    def remove(self):
        self.machine.sh(f"podman rm --force --time 10 {self.name}", timeout=120)

    def find_process(self):
        self.pid = int(self.machine.text(f"podman inspect --format '{{{{.State.Pid}}}}' {self.name}"))

    def get(self, path):
        """From the pod's own network, as a kubelet's probe and Prometheus reach it."""
        return self.machine.text(f"timeout 20 nsenter --target {self.pid} --net busybox wget -q -O - http://127.0.0.1:{self.port}{path}")

    def probe(self, kind):
        wanted = self.container[kind]["httpGet"]
        (port,) = [port["containerPort"] for port in self.container["ports"] if port["name"] == wanted["port"]]
        assert port == self.port
        return self.get(wanted["path"])

    def wait_until_ready(self):
        self.find_process()
        deadline = time.monotonic() + 90
        while True:
            try:
                return self.probe("readinessProbe")
            except AssertionError:
                if time.monotonic() > deadline:
                    raise AssertionError("not ready: " + self.machine.text(f"podman logs {self.name} 2>&1")) from None
            time.sleep(1)

    def check_health(self):
        """By the image's HEALTHCHECK."""
        kind, *words = self.image()["Healthcheck"]["Test"]
        assert kind == "CMD", kind
        self.machine.sh(f"podman exec {self.name} {shlex.join(words)}")

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
