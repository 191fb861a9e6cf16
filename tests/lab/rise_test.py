# SPDX-License-Identifier: Apache-2.0
"""What an OOM kill looked like: a process that jumps from little to its limit within a second, between two samples."""

import re

from case import LabTest

CGROUP = "/rise"
DIRECTORY = f"/sys/fs/cgroup{CGROUP}"
LIMIT = 64 << 20
LINE = re.compile(rf'msg="OOM kill" cgroup={CGROUP} .*limit=own memory="rose from (\d+) bytes to the limit within (\d+) s"')


class RiseTest(LabTest):
    def test_the_log_and_the_status_page_say_how_the_use_rose(self):
        self.machine.sh(f"mkdir {DIRECTORY} && cd {DIRECTORY} && echo {LIMIT} >memory.max && if [ -e memory.swap.max ]; then echo 0 >memory.swap.max; fi")
        self.addCleanup(lambda: self.machine.sh(f"sleep 0.2; rmdir {DIRECTORY}"))
        self.eventually(lambda: f'cgroup_memory_usage_bytes{{cgroup="{CGROUP}"}}' in self.machine.fetch().decode(), bool, "a sample of the use")
        self.machine.sh(f"peaks spike {DIRECTORY} {2 * LIMIT} 0 || true")
        found = self.eventually(lambda: LINE.search(self.machine.text("cat /run/exporter.log")), bool, "the line of the kill")
        sample, seconds = int(found[1]), int(found[2])
        self.assertLess(sample, LIMIT / 8)
        self.assertLess(seconds, 20)
        # A page and a scrape may show what was read before the kill.
        self.eventually(lambda: self.machine.fetch("/").decode(), lambda page: re.search(rf"rose from [^<]* to the limit within {seconds} s", page), "the page")
        killed = rf'^cgroup_oom_kills_total\{{cgroup="{CGROUP}"\}} [1-9]'
        text = self.eventually(lambda: self.machine.fetch().decode(), lambda text: re.search(killed, text, re.MULTILINE), "the kill")
        peak = re.search(rf'^cgroup_oom_last_kill_memory_bytes\{{cgroup="{CGROUP}",type="peak"\}} (\d+)$', text, re.MULTILINE)
        if self.machine.version != "5.10":  # it has no memory.peak
            self.assertGreater(int(peak[1]), 0.9 * LIMIT)
        self.report(f"rose from {sample} bytes to the limit of {LIMIT} within {seconds} s; the peak: {peak and int(peak[1])} bytes")
