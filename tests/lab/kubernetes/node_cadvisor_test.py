# SPDX-License-Identifier: Apache-2.0
"""What the exporter serves under cAdvisor's names is what the kubelet serves."""

import collections
import re

from node import EXPORTERS, KUBELET
from node_case import NodeTest, slack

# Families that public dashboards and rules use, of tests/cadvisor/families.tsv. Values of these change between a scrape of one and of the other.
USED = [
    "container_spec_cpu_period", "container_spec_cpu_quota", "container_spec_memory_limit_bytes",
    "container_cpu_usage_seconds_total", "container_cpu_cfs_periods_total", "container_cpu_cfs_throttled_periods_total",
    "container_cpu_cfs_throttled_seconds_total",
    "container_memory_cache", "container_memory_rss", "container_memory_swap", "container_memory_usage_bytes", "container_memory_working_set_bytes",
    "container_fs_inodes_free", "container_fs_inodes_total", "container_fs_limit_bytes", "container_fs_usage_bytes",
    "container_fs_reads_bytes_total", "container_fs_reads_total", "container_fs_writes_bytes_total", "container_fs_writes_total",
    "container_network_receive_bytes_total", "container_network_receive_packets_total", "container_network_receive_packets_dropped_total",
    "container_network_receive_errors_total", "container_network_transmit_bytes_total", "container_network_transmit_packets_total",
    "container_network_transmit_packets_dropped_total", "container_network_transmit_errors_total",
    "container_oom_events_total", "container_last_seen", "machine_cpu_cores", "machine_memory_bytes",
]
TMPFS = "of a tmpfs that is mounted nowhere in the exporter's pod"
# (families that begin so, labels, reason): series of the kubelet that are not served. A label that is not named may have any value.
MISSING = [
    ("container_fs_reads", {"id": "/", "device": "/run"}, "a tmpfs does no I/O: cAdvisor writes 0"),
    ("container_fs_writes", {"id": "/", "device": "/run"}, "a tmpfs does no I/O: cAdvisor writes 0"),
    ("container_fs_", {"id": "/", "device": "/run/lock"}, TMPFS),
    ("container_fs_", {"id": "/", "device": "/dev/shm"}, TMPFS),
    ("container_network_", {"namespace": "jobs", "pod": "host-lab"}, "the host's own counters once more; here they are on the row of the root alone"),
]
# Families whose values are not the kubelet's, and why.
OTHER_VALUES = {
    "container_oom_events_total": "the kubelet misses kills",
    "container_last_seen": "the time of the answer",
    "container_fs_usage_bytes": "read once a minute, and the machine writes",
    "container_fs_inodes_free": "read once a minute, and the machine writes",
}
# Of who a cgroup belongs to. A busy kubelet asks containerd too early for some containers and never again: their rows have none of them.
NAMES = ("container", "image", "name", "namespace", "pod")
# Longer than the kubelet's values can be old, and its scrapes apart.
WINDOW = "180s"


def key(labels):
    """The labels as they are compared: the pod has no file with the machine's id, and the kubelet writes the registry where a pod leaves it out."""
    kept = {name: value for name, value in labels.items() if name not in ("__name__", "job", "instance", "machine_id", "system_uuid")}
    if "image" in kept:
        kept["image"] = kept["image"].removeprefix("docker.io/library/")
    return frozenset(kept.items())


def without_names(labels):
    return frozenset((name, value) for name, value in labels if name not in NAMES)


def is_container(labels):
    return re.search(r"[0-9a-f]{64}(\.scope)?$", dict(labels).get("id", ""))


def bytes_of_pods(page):
    """Bytes of the series of each cgroup of a pod, by family."""
    sizes = collections.defaultdict(collections.Counter)
    for line in page.splitlines():
        if series := re.match(r'(\w+)\{.*\bid="([^"]*)".*\bpod="[^"]', line):
            sizes[series[2]][series[1]] += len(line) + 1
    return sizes


class CadvisorTest(NodeTest):
    def over_time(self, function, family):
        return {key(labels): value for labels, value in self.prometheus.query(f'{function}({family}{{job="cadvisor"}}[{WINDOW}])')}

    def is_missing_for_a_reason(self, family, labels):
        return any(family.startswith(name) and wanted.items() <= dict(labels).items() for name, wanted, _ in MISSING)

    def test_series_are_those_of_the_kubelet_and_have_its_values(self):
        missing, off = [], []
        series = self.kubelets_series(USED)
        for family in USED:
            theirs = {key(labels): value for labels, value in series[family]}
            least, most = (self.over_time(function, family) for function in ("min_over_time", "max_over_time"))
            more = len(least.keys() - theirs.keys())
            self.report(f"{family}: {len(theirs)} of the kubelet, {len(theirs.keys() & least.keys())} of them here, {more} more")
            here = {without_names(labels) for labels in least}
            nameless = {labels for labels in theirs.keys() - least.keys() if is_container(labels) and labels in here}
            if nameless:
                self.report(f"{family}: {len(nameless)} containers have no name in the kubelet's")
            missing += [(family, sorted(labels)) for labels in theirs.keys() - least.keys() - nameless if not self.is_missing_for_a_reason(family, labels)]
            allowed = slack(family)
            if family not in OTHER_VALUES:
                off += [(family, sorted(labels), least[labels], value, most[labels]) for labels, value in theirs.items()
                        if labels in least and not least[labels] - allowed <= value <= most[labels] + allowed]
        for line in missing + off:
            self.report(f"{line}")
        self.assertEqual((missing, off), ([], []))

    def test_no_more_than_services_are_there_beside_the_kubelets_rows(self):
        """The kubelet shows the services that it was told of, we show all."""
        ids = lambda job: {labels["id"] for labels, _ in self.prometheus.query(f'container_memory_usage_bytes{{job="{job}"}}')}
        more = ids("cadvisor") - ids("kubelet")
        self.report(f"{len(more)} more rows")
        self.assertEqual({one for one in more if not one.endswith(".service")}, set())

    def test_the_text_of_a_cgroup_is_no_longer_than_the_kubelets(self):
        """Of the families that both have of it."""
        ours, theirs = (bytes_of_pods(self.node.answer(port, "/metrics/cadvisor")) for port in (EXPORTERS["full"], KUBELET))
        rows = []
        for cgroup in ours.keys() & theirs.keys():
            families = ours[cgroup].keys() & theirs[cgroup].keys()
            rows.append([cgroup, *(sum(sizes[cgroup][family] for family in families) for sizes in (ours, theirs))])
        self.report(f"{len(rows)} cgroups: {sum(own for _, own, _ in rows)} bytes here, {sum(other for _, _, other in rows)} of the kubelet")
        self.assertGreater(len(rows), len(ours) / 2)
        self.assertEqual([row for row in rows if row[1] > row[2]], [])
