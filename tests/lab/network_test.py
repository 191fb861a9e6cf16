# SPDX-License-Identifier: Apache-2.0
"""The counters of network namespaces: on which cgroup they are, and that they are the kernel's."""

import re

from case import BARE_CGROUP, DOCKER_CGROUP, POD_CGROUP, STRAYED_CGROUP, LabTest

# As docs/METRICS.md names them, in the order of the used columns of /proc/PID/net/dev.
COUNTERS = [f"cgroup_network_{way}_{what}_total" for way in ("receive", "transmit") for what in ("bytes", "packets", "errors", "dropped")]
ISOLATED = "/lab.slice/isolated.service"

# A service in a network namespace of its own, with three processes.
START_ISOLATED = f"""mkdir -p /sys/fs/cgroup{ISOLATED}
unshare -n sh -c 'echo 0 >/sys/fs/cgroup{ISOLATED}/cgroup.procs
sleep 100001 & sleep 100000 & wait' </dev/null >/dev/null 2>&1 &
until [ "$(wc -l </sys/fs/cgroup{ISOLATED}/cgroup.procs)" = 3 ]; do sleep 0.1; done"""


class NetworkTest(LabTest):
    def process_of(self, cgroup):
        return self.machine.text(f"sort -n '/sys/fs/cgroup{cgroup}/cgroup.procs' | sed -n 1p")

    def send(self, pid, count):
        """Lets loopback of the process's namespace have traffic, all of which has arrived in the end."""
        self.machine.sh(f"nsenter -t {pid} -n sh -c 'ip link set lo up; ping -c {count} -s 1000 127.0.0.1'")

    def kernels(self, pid):
        """(metric, interface) -> value."""
        lines = self.machine.text(f"cat /proc/{pid}/net/dev").splitlines()[2:]
        found = {}
        for name, counters in (line.rsplit(":", 1) for line in lines):
            numbers = [int(number) for number in counters.split()]
            found |= {(metric, name.strip()): value for metric, value in zip(COUNTERS, numbers[0:4] + numbers[8:12])}
        return found

    def exported(self, cgroup):
        text = self.machine.fetch().decode()
        return {
            (metric, interface): float(value)
            for metric, labels, value in re.findall(r"^(cgroup_network_\w+_total)\{(.*)\} (\S+)$", text, re.MULTILINE)
            for interface in re.findall(r'interface="([^"]*)"', labels)
            if labels.startswith(f'cgroup="{cgroup}",')
        }

    def test_the_counters_of_a_container_are_the_kernels(self):
        for number, cgroup in enumerate((DOCKER_CGROUP, POD_CGROUP, BARE_CGROUP), 1):
            with self.subTest(cgroup=cgroup):
                pid = self.process_of(cgroup)
                self.send(pid, number)
                kernels = self.kernels(pid)
                self.assertGreater(kernels[COUNTERS[0], "lo"], 1000 * number)
                owner = cgroup.rpartition("/")[0] if cgroup == POD_CGROUP else cgroup
                self.eventually_equal(lambda: self.exported(owner), kernels, f"the counters of {owner}")  # pylint: disable=cell-var-from-loop
        self.assertEqual(self.exported(POD_CGROUP), {}, "the pod has them, whose sandbox is not known")
        self.report(f"{len(kernels)} counters of each of 3 containers, exactly")

    def test_the_hosts_are_on_the_root_alone(self):
        on_root = self.exported("/")
        self.assertEqual(on_root.keys(), self.kernels(1).keys())
        for cgroup in ("/lab.slice/plain.service", "/system.slice/control.service", "/hand"):
            self.assertEqual(self.exported(cgroup), {}, cgroup)
        self.assertEqual(self.exported("/unknown/x"), {}, "its process lives in the namespace of another container")
        self.assertNotEqual(self.exported(STRAYED_CGROUP), {})

    def test_another_process_stands_in_for_one_that_ends(self):
        self.machine.sh(START_ISOLATED)
        first = self.process_of(ISOLATED)
        self.send(first, 1)
        kernels = self.kernels(first)
        self.eventually_equal(lambda: self.exported(ISOLATED), kernels, "the counters of a service")
        self.machine.sh(f"kill -KILL {first}")
        last = self.process_of(ISOLATED)
        self.send(last, 1)
        later = self.kernels(last)
        self.assertGreater(later[COUNTERS[0], "lo"], kernels[COUNTERS[0], "lo"])
        self.eventually_equal(lambda: self.exported(ISOLATED), later, "the counters after the first process")
        self.machine.sh(f"echo 1 >/sys/fs/cgroup{ISOLATED}/cgroup.kill 2>/dev/null || kill -KILL $(cat /sys/fs/cgroup{ISOLATED}/cgroup.procs)")
        self.eventually_equal(lambda: self.exported(ISOLATED), {}, "the counters after the last process")
        self.machine.sh(f"until rmdir /sys/fs/cgroup{ISOLATED}; do sleep 0.1; done 2>/dev/null")

    def test_sockets_are_those_of_the_namespace(self):
        pid = self.process_of(DOCKER_CGROUP)
        read = lambda: self.value("cgroup_network_sockets", DOCKER_CGROUP, protocol="tcp")
        self.eventually_equal(read, 0, "sockets of an idle container")
        self.machine.sh(f"nsenter -t {pid} -n sh -c 'ip link set lo up; exec httpd -f -p 127.0.0.1:7' </dev/null >/dev/null 2>&1 & echo $! >/run/listener")
        self.eventually(lambda: self.machine.text(f"grep TCP: /proc/{pid}/net/sockstat"), lambda line: "inuse 1 " in line, "the kernel's count")
        self.eventually_equal(read, 1, "sockets of a container that listens")
        self.machine.sh("kill $(cat /run/listener)")
        for metric in ("cgroup_network_tcp_orphan_sockets", "cgroup_network_tcp_allocated_sockets"):
            self.assertEqual(list(self.values(metric)), ["/"])
