# SPDX-License-Identifier: Apache-2.0
"""Limits are those of the pods' specs, and values are those of the kubelet's own cAdvisor."""

import workloads
from node import EXPORTERS
from node_case import NodeTest

LASTING = {(pod["metadata"]["namespace"], pod["metadata"]["name"] + "-lab") for pod in workloads.LASTING}
# cAdvisor's name, ours, and the labels of ours: docs/from-cadvisor.md.
SAME = [
    ("container_memory_usage_bytes", "cgroup_memory_usage_bytes", {}),
    ("container_memory_working_set_bytes", "cgroup_memory_working_set_bytes", {}),
    ("container_memory_max_usage_bytes", "cgroup_memory_peak_bytes", {}),
    ("container_memory_rss", "cgroup_memory_stat_bytes", {"type": "anon"}),
    ("container_memory_cache", "cgroup_memory_stat_bytes", {"type": "file"}),
    ("container_memory_mapped_file", "cgroup_memory_stat_bytes", {"type": "file_mapped"}),
    ("container_memory_swap", "cgroup_memory_swap_usage_bytes", {}),
    ("container_memory_events_max_total", "cgroup_memory_events_total", {"event": "max"}),
    ("container_cpu_usage_seconds_total", "cgroup_cpu_usage_seconds_total", {}),
    ("container_cpu_user_seconds_total", "cgroup_cpu_user_seconds_total", {}),
    ("container_cpu_system_seconds_total", "cgroup_cpu_system_seconds_total", {}),
    ("container_cpu_cfs_periods_total", "cgroup_cpu_periods_total", {}),
    ("container_cpu_cfs_throttled_periods_total", "cgroup_cpu_throttled_periods_total", {}),
]
# Longer than the kubelet's values can be old: it reads every ten seconds, and half as often where nothing changes.
WINDOW = "90s"


class ValuesTest(NodeTest):
    """Of pods that last."""

    @classmethod
    def setUpClass(cls):
        cls.pods = cls.node.pods()
        cls.containers = [one for one in cls.node.containers() if one.name and (one.namespace, one.pod) in LASTING]

    def spec(self, container):
        spec = self.pods[container.namespace, container.pod]["spec"]
        (found,) = [one for one in spec["containers"] + spec.get("initContainers", []) if one["name"] == container.name]
        return found

    def limit(self, job, metric, cgroup):
        found = self.of_job(job, metric, cgroup=cgroup)
        return found[0][1] if found else None

    def test_limits_are_those_of_the_spec(self):
        for container in self.containers:
            # Where a container has no limits, the kubelet gives it those of its pod, if the pod itself has some.
            own, pods = (spec.get("resources", {}).get("limits", {}) for spec in (self.spec(container), self.pods[container.namespace, container.pod]["spec"]))
            limits = own or pods
            memory = float(limits["memory"].removesuffix("Mi")) * (1 << 20) if "memory" in limits else None
            cpus = float(limits["cpu"].removesuffix("m")) / 1000 if "cpu" in limits else None
            for job in EXPORTERS:
                shown = (self.limit(job, "cgroup_memory_limit_bytes", container.cgroup), self.limit(job, "cgroup_cpu_limit_cores", container.cgroup))
                self.assertEqual(shown, (memory, cpus), f"{container.pod} {container.name} for {job}")

    def test_a_pods_own_limit_holds_for_its_containers(self):
        (one,) = [one for one in self.containers if (one.pod, one.name) == ("pod-limit-lab", "one")]
        for job in EXPORTERS:
            self.assertEqual(self.limit(job, "cgroup_memory_limit_bytes", one.pod_cgroup), 64 << 20)
            self.assertEqual(self.limit(job, "cgroup_memory_effective_limit_bytes", one.cgroup), 64 << 20)

    def test_an_empty_directory_in_memory_counts_for_its_container(self):
        (one,) = [one for one in self.containers if one.pod == "scratch-lab"]
        for job in EXPORTERS:
            found = self.of_job(job, "cgroup_memory_stat_bytes", cgroup=one.cgroup, type="file")
            self.assertGreaterEqual(found[0][1], 8 << 20)

    def by_cgroup(self, function, metric, labels):
        wanted = ",".join(f'{name}="{value}"' for name, value in {"job": "names", **labels}.items())
        return {labels["cgroup"]: value for labels, value in self.prometheus.query(f"{function}({metric}{{{wanted}}}[{WINDOW}])")}

    def test_values_are_those_of_the_kubelets_cadvisor(self):
        """Each of the kubelet's values lies between the least and the most that we had lately."""
        for theirs, ours, labels in SAME:
            least, most = (self.by_cgroup(function, ours, labels) for function in ("min_over_time", "max_over_time"))
            told = {one["id"]: value for one, value in self.of_job("kubelet", theirs)}
            compared = [one.cgroup for one in self.containers if one.cgroup in told]
            self.report(f"{theirs}: {len(compared)} of {len(self.containers)} containers")
            # cfs_* are there for containers with a quota only, with us as with the kubelet.
            self.assertEqual({one.cgroup for one in self.containers if one.cgroup in least} - set(compared), set(), theirs)
            self.assertGreater(len(compared), 0, theirs)
            off = {cgroup: (least[cgroup], told[cgroup], most[cgroup]) for cgroup in compared if not least[cgroup] <= told[cgroup] <= most[cgroup]}
            self.assertEqual(off, {}, theirs)
