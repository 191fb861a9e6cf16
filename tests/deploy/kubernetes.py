# SPDX-License-Identifier: Apache-2.0
"""What the tests of manifests share: the pinned schemas, and the rights that a pod has, in the words of the documents."""

import json
import pathlib

import jsonschema

SCHEMAS = json.loads((pathlib.Path(__file__).resolve().parent / "schemas/kubernetes.json").read_text())


def faults(resource):
    """What the schemas of Kubernetes and of the Prometheus operator have against a resource, one line each."""
    kind = f"{resource.get('apiVersion')}/{resource.get('kind')}"
    if kind not in SCHEMAS["kinds"]:
        return [f"no schema for {kind}"]
    validator = jsonschema.Draft7Validator({**SCHEMAS["kinds"][kind], "definitions": SCHEMAS["definitions"]})
    return [f"{kind} {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(resource)]


def exporter(pod):
    """The container of the exporter in a pod's spec."""
    (found,) = [one for one in pod["containers"] if one["name"] == "exporter"]
    return found


def rights(daemonset):
    """Everything that the exporter may do which a pod without any right may not, as the tables in deploy/kubernetes/README.md name it."""
    pod = daemonset["spec"]["template"]["spec"]
    container = exporter(pod)
    pod_security, security = pod.get("securityContext", {}), container.get("securityContext", {})
    found = {f"user {security.get('runAsUser', pod_security.get('runAsUser', 'of the image'))}"}
    found |= {f"capability {name}" for name in security.get("capabilities", {}).get("add", [])}
    words = [
        (security.get("capabilities", {}).get("drop") != ["ALL"], "the usual capabilities"),
        (security.get("privileged", False), "privileged"),
        (security.get("allowPrivilegeEscalation", True), "privilege escalation"),
        (not security.get("readOnlyRootFilesystem", False), "write the root filesystem"),
        (pod.get("hostPID", False), "process ids of the node"),
        (pod.get("hostIPC", False), "IPC of the node"),
        (pod.get("hostNetwork", False), "network of the node"),
        (pod.get("automountServiceAccountToken", True), "service account token"),
        (security.get("seccompProfile", pod_security.get("seccompProfile", {})).get("type") != "RuntimeDefault", "no seccomp profile"),
        (security.get("appArmorProfile", pod_security.get("appArmorProfile", {})).get("type") == "Unconfined", "no AppArmor profile"),
        ("procMount" in security, "another /proc"),
        ("sysctls" in pod_security, "sysctls"),
        ("seLinuxOptions" in {**pod_security, **security}, "another SELinux context"),
    ]
    found |= {word for holds, word in words if holds}
    mounts = {mount["name"]: mount for mount in container.get("volumeMounts", [])}
    elsewhere = {mount["name"] for other in pod["containers"] if other is not container for mount in other.get("volumeMounts", [])}
    for volume in pod.get("volumes", []):
        if volume["name"] not in mounts and volume["name"] in elsewhere:
            continue
        mount = mounts.pop(volume["name"])
        if "hostPath" in volume:
            found.add(f"{'read' if mount.get('readOnly') else 'write'} {volume['hostPath']['path']}")
        elif "emptyDir" in volume:
            found.add(f"write an empty directory at {mount['mountPath']}")
        elif set(volume) & {"configMap", "secret", "projected"}:
            found.add(f"read {mount['mountPath']}")
        else:
            found.add(f"volume {sorted(volume)}")
    assert not mounts, f"mounts without volumes: {mounts}"
    return found
