# SPDX-License-Identifier: Apache-2.0
"""The profiles of deploy/kubernetes: their pods as a runtime starts them, but for seccomp and AppArmor, beside a pod of containerd's."""

import json
import pathlib

import kustomize
from packaged_test import APP
from shown import Shown

PROFILES = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "deploy/kubernetes/profiles"
NAMESPACES = ("pid", "mount", "ipc", "uts", "network", "cgroup")


def oci_config(daemonset, name):
    """The pod's container for crun, which polls once and prints."""
    pod = daemonset["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    security = {**pod["securityContext"], **container["securityContext"]}
    capabilities = ["CAP_" + capability for capability in security["capabilities"].get("add", [])]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    mounts = [{"destination": "/proc", "type": "proc", "source": "proc"},
              {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]},
              {"destination": "/exporter", "type": "bind", "source": "/lab/exporter", "options": ["rbind", "ro"]}]
    for mount in container["volumeMounts"]:
        source = volumes[mount["name"]].get("hostPath", {}).get("path", f"/run/{name}/{mount['name']}")
        mounts.append({"destination": mount["mountPath"], "type": "bind", "source": source,
                       "options": ["rbind", "ro" if mount.get("readOnly") else "rw",
                                   "rslave" if mount.get("mountPropagation") == "HostToContainer" else "rprivate"]})
    return {
        "ociVersion": "1.0.2",
        "root": {"path": "/lab/rootfs", "readonly": security["readOnlyRootFilesystem"]},
        "process": {
            "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": security["runAsUser"], "gid": security["runAsGroup"]},
            "noNewPrivileges": not security["allowPrivilegeEscalation"],
            "capabilities": {kind: capabilities for kind in ("bounding", "effective", "permitted")},
            "args": ["/exporter/loader", "--library-path", "/exporter/lib", "/exporter/cgroup2_exporter", *container["args"], "--once"],
        },
        "mounts": mounts,
        "linux": {"cgroupsPath": "/" + name, "namespaces": [{"type": kind} for kind in NAMESPACES if kind != "pid" or not pod["hostPID"]]},
    }


class ProfileCase(Shown):
    profile = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = "profile-" + cls.profile
        (daemonset,) = [one for one in kustomize.build(PROFILES / cls.profile) if one["kind"] == "DaemonSet"]
        config = json.dumps(oci_config(daemonset, name))
        cls.exposition = cls.machine.text(f"mkdir -p /run/{name}/state /var/lib/cgroup2_exporter && chmod 777 /run/{name}/state\n"
                                          f"cat >/run/{name}/config.json <<'END'\n{config}\nEND\ncrun run --bundle /run/{name} {name}")

    def test_every_profile_reads_cgroups_and_names_containers(self):
        labels = self.labels("cgroup_memory_usage_bytes", APP)
        self.assertEqual((labels["namespace"], labels["container"]), ("shop", "app"))
        for metric in ("cgroup_cpu_usage_seconds_total", "cgroup_memory_effective_limit_bytes", "cgroup_pids"):
            self.assertIsNotNone(self.labels(metric, APP), metric)

    def check(self, has_image, has_namespaces):
        self.assertEqual("image" in self.labels("cgroup_info", APP), has_image)
        self.assertEqual(self.labels("cgroup_namespace_info", APP) is not None, has_namespaces)


class MinimalTest(ProfileCase):
    profile = "minimal"

    def test_it_sees_neither_images_nor_namespaces(self):
        self.check(has_image=False, has_namespaces=False)


class NamesTest(ProfileCase):
    profile = "names"

    def test_it_sees_images(self):
        self.check(has_image=True, has_namespaces=False)


class FullTest(ProfileCase):
    profile = "full"

    def test_it_sees_images_and_namespaces(self):
        self.check(has_image=True, has_namespaces=True)
