# SPDX-License-Identifier: Apache-2.0
"""Pod Security Standards, as published for Kubernetes 1.34: what in a pod the level restricted forbids. Fields for Windows are left out, and so
are annotations from before appArmorProfile. https://kubernetes.io/docs/concepts/security/pod-security-standards/"""

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SELINUX_TYPES = {None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
           "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
           "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"}
HANDLERS = ("livenessProbe", "readinessProbe", "startupProbe")


def of_pod(pod):
    """What the pod's own fields violate."""
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield field
    for volume in pod.get("volumes", []):
        kinds = set(volume) - {"name"} or {"emptyDir"}
        yield from sorted(f"{kind} volume" for kind in kinds - VOLUMES)
    for sysctl in pod.get("securityContext", {}).get("sysctls", []):
        if sysctl["name"] not in SYSCTLS:
            yield f"sysctl {sysctl['name']}"


def of_context(context):
    """What a security context may not say, in a pod or in a container."""
    if context.get("runAsUser") == 0:
        yield "runAsUser 0"
    if context.get("seccompProfile", {}).get("type") == "Unconfined":
        yield "seccomp Unconfined"
    if context.get("appArmorProfile", {}).get("type") == "Unconfined":
        yield "AppArmor Unconfined"
    options = context.get("seLinuxOptions", {})
    if options.get("type") not in SELINUX_TYPES or options.get("user") or options.get("role"):
        yield "SELinux options"


def of_container(container, pod_context):
    """What a container violates; some fields count from the pod where the container has none."""
    context = container.get("securityContext", {})
    yield from of_context(context)
    if context.get("privileged"):
        yield "privileged"
    if context.get("allowPrivilegeEscalation", True):
        yield "allowPrivilegeEscalation"
    if context.get("procMount", "Default") != "Default":
        yield "procMount"
    capabilities = context.get("capabilities", {})
    if "ALL" not in capabilities.get("drop", []):
        yield "capabilities that are not dropped"
    yield from (f"capability {name}" for name in capabilities.get("add", []) if name != "NET_BIND_SERVICE")
    if not context.get("runAsNonRoot", pod_context.get("runAsNonRoot", False)):
        yield "no runAsNonRoot"
    if context.get("seccompProfile", pod_context.get("seccompProfile", {})).get("type") not in ("RuntimeDefault", "Localhost"):
        yield "no seccomp profile"
    if any(port.get("hostPort") for port in container.get("ports", [])):
        yield "hostPort"
    handlers = [container.get(name, {}) for name in HANDLERS] + list(container.get("lifecycle", {}).values())
    if any(handler.get(action, {}).get("host") for handler in handlers for action in ("httpGet", "tcpSocket")):
        yield "host of a probe"


def violations(pod):
    """A set with a line for each kind of violation in a pod's spec; empty if the level restricted admits it."""
    found = set(of_pod(pod)) | set(of_context(pod.get("securityContext", {})))
    for container in [one for key in ("initContainers", "containers", "ephemeralContainers") for one in pod.get(key, [])]:
        found |= set(of_container(container, pod.get("securityContext", {})))
    return found
