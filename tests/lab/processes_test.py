# SPDX-License-Identifier: Apache-2.0
"""What is told of the processes of cgroups is what /proc has of them."""

from case import DOCKER_CGROUP, LabTest

TICKS = 100  # of a second: USER_HZ, which is the same on all that x86-64 has
SERVICE = "/lab.slice/plain.service"


class ProcessesTest(LabTest):
    def pids(self, cgroup):
        return self.machine.text(f"cat $(find /sys/fs/cgroup{cgroup} -name cgroup.procs)").split()

    def test_a_cgroup_began_with_its_first_process(self):
        boot = int(self.machine.text("sed -n 's/^btime //p' /proc/stat"))
        for cgroup in (DOCKER_CGROUP, SERVICE):
            # Fields after the name, which ends in the last parenthesis: the start is the 22nd of all.
            stats = [self.machine.text(f"cat /proc/{pid}/stat").rpartition(") ")[2].split() for pid in self.pids(cgroup)]
            first = boot + min(int(fields[19]) for fields in stats) / TICKS
            self.assertAlmostEqual(self.value("cgroup_start_time_seconds", cgroup), first, delta=1.1)

    def test_counts_are_those_of_proc(self):
        for cgroup in (DOCKER_CGROUP, SERVICE):
            pids = self.pids(cgroup)
            files = [line for pid in pids for line in self.machine.text(f"ls -l /proc/{pid}/fd").splitlines() if "->" in line]
            shown = tuple(self.value(f"cgroup_{name}", cgroup) for name in ("processes", "open_files", "sockets"))
            self.assertEqual(shown, (len(pids), len(files), sum("socket:[" in line for line in files)), cgroup)
