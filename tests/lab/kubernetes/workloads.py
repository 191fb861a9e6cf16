# SPDX-License-Identifier: Apache-2.0
"""Pods as real nodes have them."""

TOOLS = "registry.example/tools:1"
NAMESPACE = "shop"
FOREVER = "sleep 1000000"
CRASHES = {"systemd": 3, "cgroupfs": 2}  # of each pod, by cgroup driver: 60 and 20 kills
CRASHING = [f"crash-{number}" for number in range(10)]


def container(name, script=FOREVER, limits=None, requests=None, **more):
    resources = {key: value for key, value in (("limits", limits), ("requests", requests)) if value}
    # The first process takes SIGTERM, so that a pod ends at once.
    return {"name": name, "image": TOOLS, "imagePullPolicy": "Never", "command": ["/bin/sh", "-c", f"trap 'exit 0' TERM; {script} & wait $!; exit $?"],
            "resources": resources, **more}


def pod(name, *containers, namespace=NAMESPACE, uid=None, **spec):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, **({"uid": uid} if uid else {})},
            "spec": {"containers": list(containers), "terminationGracePeriodSeconds": 2, **spec}}


def crashing(name, crashes):
    """Its container is killed for its memory that often, or without end, and then lives on. It counts in a volume of the pod."""
    rest = f"[ $n -gt {crashes} ] && exec {FOREVER}; " if crashes else ""
    script = f"n=$(($(cat /state/n 2>/dev/null || echo 0) + 1)); echo $n >/state/n; {rest}sleep 2; tail /dev/zero"
    return pod(name, {**container("job", limits={"memory": "24Mi"}), "command": ["/bin/sh", "-c", script],
                      "volumeMounts": [{"name": "state", "mountPath": "/state"}]}, volumes=[{"name": "state", "emptyDir": {}}])


LASTING = [
    pod("guaranteed", container("app", limits={"cpu": "100m", "memory": "32Mi"})),
    pod("several", container("web", limits={"cpu": "200m", "memory": "48Mi"}, requests={"cpu": "50m", "memory": "16Mi"}), container("side"),
        initContainers=[container("setup", "true"), container("sidecar", limits={"memory": "32Mi"}, restartPolicy="Always")]),
    pod("besteffort", container("app", "while sleep 1; do :; done"), namespace="jobs"),
    pod("host", container("agent", requests={"cpu": "10m"}), hostNetwork=True, hostPID=True, namespace="jobs"),
    pod("own-uid", container("app"), uid="2942c55e-c9cb-428a-93f4-eaf89c1f3ce0"),
    pod("pod-limit", container("one"), container("two"), resources={"limits": {"memory": "64Mi", "cpu": "300m"}}),
    pod("scratch", container("app", f"dd if=/dev/zero of=/scratch/file bs=1M count=8; {FOREVER}", limits={"memory": "48Mi"},
                             volumeMounts=[{"name": "scratch", "mountPath": "/scratch"}]),
        volumes=[{"name": "scratch", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}}]),
    # Reads nothing but the memory of its own: tail keeps what it was given until there is no more.
    pod("near", container("heap", f"(head -c 46137344 /dev/zero; {FOREVER}) | tail -c 46137344", limits={"memory": "48Mi"}), container("idle")),
]
