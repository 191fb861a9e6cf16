# SPDX-License-Identifier: Apache-2.0
"""The pods that deploy/ ships, as static pods: the pod template of the DaemonSet of each profile, of kustomize or of the chart."""

import copy

import chart
import kustomize

PROFILES = chart.TOP / "deploy/kubernetes/profiles"
STATE = "/var/lib/cgroup2_exporter"


def template(profile, source):
    if source == "kustomize":
        resources = kustomize.build(PROFILES / profile)
    else:
        renderer = chart.Renderer()
        resources = renderer.resources(chart.chosen(profile))
        renderer.directory.cleanup()
    (daemonset,) = [one for one in resources if one["kind"] == "DaemonSet"]
    return copy.deepcopy(daemonset["spec"]["template"])


def static_pod(profile, source):
    """Changes to what is shipped, all of them: a static pod has a name and a namespace of its own; it may not name a service account, which
    only an API server has; because all profiles run on one node here, each has its counts in a directory of its own; and each shows all metrics."""
    made = template(profile, source)
    made["spec"].pop("serviceAccountName")
    made["spec"]["containers"][0]["args"].append("--collectors=standard")
    for volume in made["spec"]["volumes"]:
        if volume.get("hostPath", {}).get("path") == STATE:
            volume["hostPath"]["path"] = f"{STATE}-{profile}"
    return {"apiVersion": "v1", "kind": "Pod", **made,
            "metadata": {**made["metadata"], "name": f"cgroup2-exporter-{profile}", "namespace": "cgroup2-exporter"}}
