# SPDX-License-Identifier: Apache-2.0
"""OOM kills in pods: the kernel's count is the judge, and the kubelet's cAdvisor is asked the same."""

import re
import time

import workloads
from node import EXPORTERS
from node_case import NodeTest

NAMESPACE = workloads.NAMESPACE
# Where memory.oom.group is set, the kernel kills a cgroup's processes after the one that it chose, and that one once more: it counts both
# (oom_kill_process() in mm/oom_kill.c). The kubelet sets it, unless it is told to have each process killed alone.
KILLED_AT_ONCE = {"systemd": 2, "cgroupfs": 1}


class CrashLoopTest(NodeTest):
    @classmethod
    def setUpClass(cls):
        cls.before = cls.machine.keyed("/../../../proc/vmstat")["oom_kill"]
        cls.crashes = workloads.CRASHES[cls.driver]
        pods = [workloads.crashing(name, cls.crashes) for name in workloads.CRASHING]
        cls.node.apply(*pods)
        deadline = time.monotonic() + 540
        while cls.restarts() != [cls.crashes] * len(pods) and time.monotonic() < deadline:
            time.sleep(15)
        time.sleep(40)  # the kubelet's cAdvisor looks every 15 s at most

    @classmethod
    def restarts(cls):
        running = cls.node.pods()  # once: the kubelet has enough to do
        pods = [running.get((NAMESPACE, f"{name}-lab"), {}) for name in workloads.CRASHING]
        return [pod["status"]["containerStatuses"][0]["restartCount"] if pod.get("status", {}).get("containerStatuses") else 0 for pod in pods]

    def kernel_count(self, name):
        """The pod's cgroup keeps the count of containers that are gone."""
        (one,) = {one.pod_cgroup for one in self.containers if one.pod == f"{name}-lab"}
        return self.machine.keyed(f"{one}/memory.events")["oom_kill"]

    def cadvisor(self, name):
        """What the kubelet says now, and what a Prometheus that scrapes it can add up."""
        now = sum(value for _, value in self.of_job("kubelet", "container_oom_events_total", namespace=NAMESPACE, pod=f"{name}-lab"))
        seen = self.prometheus.query(f'sum(max_over_time(container_oom_events_total{{job="kubelet",namespace="{NAMESPACE}",pod="{name}-lab"}}[1h]))')
        return now, seen[0][1] if seen else 0.0

    def test_every_kill_is_counted_once_for_its_container(self):
        self.containers = self.node.containers()
        rows = []
        for name in workloads.CRASHING:
            kernel = self.kernel_count(name)
            owner = {"namespace": NAMESPACE, "pod": f"{name}-lab", "container": "job"}
            counts = {job: sum(value for _, value in self.of_job(job, "cgroup_oom_kills_total", **owner)) for job in EXPORTERS}
            rows.append((name, kernel, *self.cadvisor(name), counts))
        self.report("| pod | kernel | cAdvisor, at the end | cAdvisor, most of each series | this exporter |")
        for name, kernel, now, seen, counts in rows:
            self.report(f"| {name} | {kernel} | {now:.0f} | {seen:.0f} | {', '.join(f'{value:.0f}' for value in counts.values())} |")
        total = sum(kernel for _, kernel, *_ in rows)
        self.report(f"| all | {total} | {sum(row[2] for row in rows):.0f} | {sum(row[3] for row in rows):.0f} | "
                    f"{', '.join(f'{sum(row[4][job] for row in rows):.0f}' for job in EXPORTERS)} |")
        self.assertEqual(self.restarts(), [self.crashes] * len(workloads.CRASHING))
        self.assertEqual(self.kernel_kills() - self.before, total, "kills of others")
        for name, kernel, _, _, counts in rows:
            self.assertEqual(kernel, self.crashes * KILLED_AT_ONCE[self.driver], name)
            self.assertEqual(counts, dict.fromkeys(EXPORTERS, kernel), name)
        for job in EXPORTERS:
            self.assertEqual(self.counted(job), self.kernel_kills(), job)

    def test_limits_that_were_hit_are_known(self):
        """The pod has the limit of its only container, and its sandbox too is in there: so the pod's is the one that is hit."""
        for job in EXPORTERS:
            found = {}
            for name in workloads.CRASHING:
                for labels, value in self.of_job(job, "cgroup_oom_kills_by_limit_total", namespace=NAMESPACE, pod=f"{name}-lab"):
                    found[labels["limit"]] = found.get(labels["limit"], 0) + value
            self.report(f"{job}: {found}")
            self.assertEqual(found.get("none", 0), 0)

    def test_alerts_tell_of_these_pods_and_no_other(self):
        firing = self.prometheus.samples('ALERTS{alertstate="firing"}[1h]')
        labels_of = lambda name: [labels for labels, _ in firing if labels["alertname"] == name]
        self.report(f"{sorted({(labels['alertname'], labels.get('pod')) for labels, _ in firing}, key=str)}")
        killed = labels_of("CgroupOOMKill")
        crashing = {f"{name}-lab" for name in workloads.CRASHING}
        self.assertEqual({labels["pod"] for labels in killed if "pod" in labels}, crashing)
        # Until the kubelet has written the name of a container, it is known by its id where no bundle can be read.
        self.assertEqual([labels for labels in killed if "pod" not in labels and not re.search("[0-9a-f]{64}", str(labels))], [])
        near = labels_of("CgroupMemoryNearLimit")
        self.assertIn(("near-lab", "heap"), {(labels.get("pod"), labels.get("container")) for labels in near})
        # A container whose memory grows until it is killed is near its limit, too.
        self.assertEqual({labels.get("pod") for labels in near} - crashing, {"near-lab"})


class RestartTest(NodeTest):
    """What the kubelet, containerd and the exporters' pods leave of the counts."""

    def check_counts(self, what):
        """The kernel may kill once more after the kubelet has forgotten a pod, so its count is read each time."""
        for job in EXPORTERS:
            self.eventually(lambda: (self.counted(job), self.kernel_kills()), lambda counts: counts[0] == counts[1], f"kills, and the kernel's, for {job} after {what}", 90)

    def test_a_pod_that_is_deleted_while_it_is_killed(self):
        self.node.apply(workloads.crashing("doomed", None))
        before = self.kernel_kills()
        self.eventually(self.kernel_kills, lambda kills: kills > before + 2, "kills", 120)
        self.node.delete(NAMESPACE, "doomed")
        self.eventually(lambda: self.node.pod(NAMESPACE, "doomed"), lambda pod: not pod, "the pod", 120)
        self.check_counts("the end of the pod")

    def names_of_pods(self):
        try:
            return self.node.pods().keys()
        except OSError:  # it has not started yet
            return set()

    def restart(self, service):
        before, pods = self.kernel_kills(), {name: pod["metadata"]["uid"] for name, pod in self.node.pods().items()}
        starts = lambda: {job: value for job in EXPORTERS for _, value in self.of_job(job, "process_start_time_seconds")}
        started = starts()
        series = lambda: {(job, labels["cgroup"]) for job in EXPORTERS for labels, _ in self.of_job(job, "cgroup_info") if "pod_uid" in labels}
        shown = {(job, cgroup) for job in EXPORTERS for one in self.node.containers() for cgroup in (one.cgroup, one.pod_cgroup)}
        self.eventually_equal(series, shown, f"cgroups of pods before a restart of {service}", 90)
        self.machine.sh(f"systemctl restart {service}", timeout=120)
        self.eventually(self.names_of_pods, lambda names: names == pods.keys(), "the kubelet's pods", 180)
        self.machine.sh("sleep 20", timeout=60)
        self.assertEqual({name: pod["metadata"]["uid"] for name, pod in self.node.pods().items()}, pods)
        self.assertEqual(self.kernel_kills(), before)
        self.check_counts(f"a restart of {service}")
        self.eventually_equal(series, shown, f"cgroups of pods after a restart of {service}", 90)
        self.assertEqual(starts(), started, "exporters were started anew")

    def test_the_kubelet_starts_anew(self):
        self.restart("kubelet")

    def test_containerd_starts_anew(self):
        self.restart("containerd")
