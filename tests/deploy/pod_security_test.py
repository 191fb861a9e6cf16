#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pods of the manifests and of the chart violate nothing of the Pod Security level restricted but by hostPath volumes and by what their
profile states."""

import copy
import unittest

import chart
import kustomize
import manifests
from pod_security import violations

# What each profile states in the tables of deploy/kubernetes/README.md.
STATED = {
    "minimal": set(),
    "names": {"runAsUser 0", "no runAsNonRoot"},
    "full": {"runAsUser 0", "no runAsNonRoot", "hostPID", "capability SYS_PTRACE", "AppArmor Unconfined"},
}
LABELS = {"pod-security.kubernetes.io/enforce": "privileged", "pod-security.kubernetes.io/warn": "restricted",
          "pod-security.kubernetes.io/audit": "restricted"}
GOOD = {
    "securityContext": {"runAsNonRoot": True, "runAsUser": 65534, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [{"name": "a", "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}}],
    "volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "projected": {"sources": []}}],
}
# Each change to the good pod, and what it violates.
CHANGES = [
    (("hostNetwork",), True, "hostNetwork"), (("hostPID",), True, "hostPID"), (("hostIPC",), True, "hostIPC"),
    (("volumes", 0), {"name": "a", "hostPath": {"path": "/"}}, "hostPath volume"), (("volumes", 0), {"name": "a", "nfs": {}}, "nfs volume"),
    (("securityContext", "runAsUser"), 0, "runAsUser 0"), (("securityContext", "runAsNonRoot"), False, "no runAsNonRoot"),
    (("securityContext", "seccompProfile"), {}, "no seccomp profile"), (("securityContext", "sysctls"), [{"name": "kernel.sem"}], "sysctl kernel.sem"),
    (("securityContext", "seLinuxOptions"), {"type": "spc_t"}, "SELinux options"),
    (("securityContext", "seccompProfile"), {"type": "Unconfined"}, "seccomp Unconfined", "no seccomp profile"),
    (("securityContext", "appArmorProfile"), {"type": "Unconfined"}, "AppArmor Unconfined"),
    (("containers", 0, "securityContext", "runAsUser"), 0, "runAsUser 0"),
    (("containers", 0, "securityContext", "runAsNonRoot"), False, "no runAsNonRoot"),
    (("containers", 0, "securityContext", "privileged"), True, "privileged"),
    (("containers", 0, "securityContext", "allowPrivilegeEscalation"), True, "allowPrivilegeEscalation"),
    (("containers", 0, "securityContext", "procMount"), "Unmasked", "procMount"),
    (("containers", 0, "securityContext", "capabilities"), {}, "capabilities that are not dropped"),
    (("containers", 0, "securityContext", "capabilities"), {"drop": ["ALL"], "add": ["SYSLOG"]}, "capability SYSLOG"),
    (("containers", 0, "ports"), [{"containerPort": 1, "hostPort": 1}], "hostPort"),
    (("containers", 0, "livenessProbe"), {"httpGet": {"host": "a"}}, "host of a probe"),
]


def pod_of(resources):
    return manifests.only(resources, "DaemonSet")["spec"]["template"]["spec"]


def pods():
    """(name, profile, pod) of everything that the repository deploys."""
    for name, resources in manifests.every_build():
        yield f"manifests: {name}", name.split()[0], pod_of(resources)
    renderer = chart.Renderer()
    try:
        for case in chart.CASES:
            if "extraContainers" not in chart.chosen(case):
                yield f"chart: {case}", chart.values(case)["profile"], pod_of(renderer.resources(chart.chosen(case)))
    finally:
        renderer.directory.cleanup()


class PodSecurityTest(unittest.TestCase):
    def test_only_host_paths_and_what_the_profile_states_violate_restricted(self):
        for name, profile, pod in pods():
            with self.subTest(name):
                self.assertEqual(violations(pod), STATED[profile] | {"hostPath volume"})

    def test_the_namespace_enforces_privileged_and_warns_of_restricted(self):
        namespace = manifests.only(kustomize.build(manifests.FILES / "base"), "Namespace")
        self.assertEqual({key: value for key, value in namespace["metadata"]["labels"].items() if key.startswith("pod-security")}, LABELS)

    def test_a_good_pod_violates_nothing(self):
        self.assertEqual(violations(GOOD), set())

    def test_each_forbidden_field_is_found(self):
        for path, value, *words in CHANGES:
            pod = copy.deepcopy(GOOD)
            place = pod
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
            self.assertEqual(violations(pod), set(words), path)


if __name__ == "__main__":
    unittest.main()
