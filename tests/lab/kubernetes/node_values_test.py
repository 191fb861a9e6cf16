# SPDX-License-Identifier: Apache-2.0
"""Limits are those of the pods' specs, and values are those of the kubelet's own cAdvisor."""

import workloads
from node import EXPORTERS
from node_case import NodeTest, slack

LASTING = {(pod["metadata"]["namespace"], pod["metadata"]["name"] + "-lab") for pod in workloads.LASTING}
# cAdvisor's name, ours, and the labels of ours: docs/from-cadvisor.md.
SAME = [
    ("container_memory_usage_bytes", "cgroup_memory_usage_bytes", {}),
    ("container_memory_working_set_bytes", "cgroup_memory_working_set_bytes", {}),
    ("container_memory_max_usage_bytes", "cgroup_memory_peak_bytes", {}),
    ("container_memory_rss", "cgroup_memory_stat_bytes", {"type": "anon"}),
    ("container_memory_cache", "cgroup_memory_stat_bytes", {"type": "file"}),
    ("container_memory_mapped_file", "cgroup_memory_stat_bytes", {"type": "file_mapped"}),
    ("container_memory_file_dirty_bytes", "cgroup_memory_stat_bytes", {"type": "file_dirty"}),
    ("container_memory_file_writeback_bytes", "cgroup_memory_stat_bytes", {"type": "file_writeback"}),
    ("container_memory_total_active_file_bytes", "cgroup_memory_stat_bytes", {"type": "active_file"}),
    ("container_memory_total_inactive_file_bytes", "cgroup_memory_stat_bytes", {"type": "inactive_file"}),
    ("container_memory_pgscan_total", "cgroup_memory_stat_events_total", {"type": "pgscan"}),
    ("container_memory_pgsteal_total", "cgroup_memory_stat_events_total", {"type": "pgsteal"}),
    ("container_memory_workingset_refault_anon_total", "cgroup_memory_stat_events_total", {"type": "workingset_refault_anon"}),
    ("container_memory_workingset_refault_file_total", "cgroup_memory_stat_events_total", {"type": "workingset_refault_file"}),
    ("container_memory_swap", "cgroup_memory_swap_usage_bytes", {}),
    ("container_memory_events_high_total", "cgroup_memory_events_total", {"event": "high"}),
    ("container_memory_events_max_total", "cgroup_memory_events_total", {"event": "max"}),
    ("container_spec_memory_reservation_limit_bytes", "cgroup_memory_min_bytes", {}),
    ("container_cpu_usage_seconds_total", "cgroup_cpu_usage_seconds_total", {}),
    ("container_cpu_user_seconds_total", "cgroup_cpu_user_seconds_total", {}),
    ("container_cpu_system_seconds_total", "cgroup_cpu_system_seconds_total", {}),
    ("container_cpu_cfs_periods_total", "cgroup_cpu_periods_total", {}),
    ("container_cpu_cfs_throttled_periods_total", "cgroup_cpu_throttled_periods_total", {}),
    ("container_cpu_cfs_throttled_seconds_total", "cgroup_cpu_throttled_seconds_total", {}),
    ("container_pressure_cpu_waiting_seconds_total", "cgroup_cpu_pressure_waiting_seconds_total", {}),
    ("container_pressure_cpu_stalled_seconds_total", "cgroup_cpu_pressure_stalled_seconds_total", {}),
    ("container_pressure_memory_waiting_seconds_total", "cgroup_memory_pressure_waiting_seconds_total", {}),
    ("container_pressure_memory_stalled_seconds_total", "cgroup_memory_pressure_stalled_seconds_total", {}),
    ("container_pressure_io_waiting_seconds_total", "cgroup_io_pressure_waiting_seconds_total", {}),
    ("container_pressure_io_stalled_seconds_total", "cgroup_io_pressure_stalled_seconds_total", {}),
    ("container_threads", "cgroup_pids", {}),
]
# Longer than the kubelet's values can be old: it reads every ten seconds, half as often where nothing changes, is scraped every 30 s, and waits for ours.
WINDOW = "180s"


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

    def test_swap_limits_are_those_of_the_kernel(self):
        """Pods that come from files are critical ones to a kubelet, which gives these no swap."""
        for container in self.containers:
            self.assertEqual(self.machine.text(f"cat /sys/fs/cgroup{container.cgroup}/memory.swap.max"), "0")
            for job in EXPORTERS:
                self.assertEqual(self.limit(job, "cgroup_memory_swap_limit_bytes", container.cgroup), 0, f"{container.pod} {container.name} for {job}")

    def test_swapped_memory_is_shown(self):
        (web,) = [one for one in self.containers if (one.pod, one.name) == ("several-lab", "web")]
        for cgroup in (web.pod_cgroup, web.cgroup):
            self.machine.sh(f"echo max >/sys/fs/cgroup{cgroup}/memory.swap.max")
        self.machine.sh(f"echo 1M swappiness=200 >/sys/fs/cgroup{web.cgroup}/memory.reclaim 2>/dev/null || true")
        used = self.machine.number(f"{web.cgroup}/memory.swap.current")
        self.assertGreater(used, 0)
        for job in EXPORTERS:
            shown = lambda job=job: self.limit(job, "cgroup_memory_swap_usage_bytes", web.cgroup)
            self.eventually(shown, lambda value: value is not None and value > 0, f"swapped memory for {job}")
            self.assertIsNone(self.limit(job, "cgroup_memory_swap_limit_bytes", web.cgroup))

    def by_cgroup(self, function, metric, labels):
        wanted = ",".join(f'{name}="{value}"' for name, value in {"job": "names", **labels}.items())
        return {labels["cgroup"]: value for labels, value in self.prometheus.query(f"{function}({metric}{{{wanted}}}[{WINDOW}])")}

    def test_values_are_those_of_the_kubelets_cadvisor(self):
        """Each of the kubelet's values lies between the least and the most that we had lately."""
        series = self.kubelets_series(theirs for theirs, _, _ in SAME)
        for theirs, ours, labels in SAME:
            least, most = (self.by_cgroup(function, ours, labels) for function in ("min_over_time", "max_over_time"))
            told = {one["id"]: value for one, value in series[theirs]}
            compared = [one.cgroup for one in self.containers if one.cgroup in told]
            self.report(f"{theirs}: {len(compared)} of {len(self.containers)} containers")
            # The kubelet has cfs_* of containers with a quota only.
            expected = {one.cgroup for one in self.containers
                        if "_cfs_" not in theirs or self.limit("names", "cgroup_cpu_limit_cores", one.cgroup) is not None}
            self.assertEqual(set(compared), expected, theirs)
            allowed = slack(theirs)
            off = {cgroup: (least[cgroup], told[cgroup], most[cgroup]) for cgroup in compared
                   if not least[cgroup] - allowed <= told[cgroup] <= most[cgroup] + allowed}
            self.assertEqual(off, {}, theirs)
