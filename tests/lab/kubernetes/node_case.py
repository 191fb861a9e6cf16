# SPDX-License-Identifier: Apache-2.0
"""What the tests on a node share."""

import time

from case import LabTest
from node import EXPORTERS

# An emulated kubelet needs more than five seconds for an answer while containers start.
SCRAPE_SECONDS = 15


def slack(family):
    """How far a value of cAdvisor's family may be from those that we had: a process may have come and gone between two scrapes."""
    return (256 << 10) * family.startswith("container_memory_") + (family == "container_threads")


def relay(node):
    """Makes the exporters' pods reachable from outside: pods have addresses of the node's own bridge."""
    for profile, port in EXPORTERS.items():
        address = node.pod("cgroup2-exporter", f"cgroup2-exporter-{profile}")["status"]["podIP"]
        node.machine.sh(f"relay {port} {address}")


class NodeTest(LabTest):
    node = None  # both set by run.py
    driver = None

    def of_job(self, job, metric, **labels):
        """(labels, value) of what Prometheus has now."""
        return self.series(metric, job=job, **labels)

    def eventually(self, read, holds, what, seconds=60):
        return super().eventually(read, holds, what, seconds)

    def kubelets_series(self, families):
        """What the kubelet told last of each. Returns when the exporters were scraped after that, because counters go on."""
        told = {family: self.prometheus.query(f'last_over_time({family}{{job="kubelet"}}[90s])') for family in families}
        time.sleep(2 * SCRAPE_SECONDS)
        return told

    def kernel_kills(self):
        return self.machine.keyed("/../../../proc/vmstat")["oom_kill"]

    def counted(self, job):
        """All kills that an exporter has counted, whoever owned them."""
        return int(sum(value for metric in ("total", "unattributed_total", "forgotten_total")
                       for _, value in self.of_job(job, f"cgroup_oom_kills_{metric}")))
