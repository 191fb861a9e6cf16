# SPDX-License-Identifier: Apache-2.0
"""What the tests of runtimes share. The runtime's own answer is the judge, the kernel's where the runtime has none."""

import json

from case import LabTest

OWNER = ("container_id", "namespace", "pod", "container")


class RuntimeTest(LabTest):
    """`stage` says what a class needs in the machine, as a shell script; what it starts stays for the classes after it."""

    stage = ":"

    @classmethod
    def setUpClass(cls):
        cls.machine.sh("set -e\n" + cls.stage, timeout=150)

    def answer(self, command):
        """What a runtime answers in JSON."""
        return json.loads(self.machine.text(command))

    def cgroup_of(self, pid):
        return self.machine.text(f"cgroup_of {pid}")

    def check_info(self, cgroup, **expected):
        """cgroup_info has these labels; None: it must not have it."""
        shown = lambda: {name: self.info(cgroup).get(name) for name in expected}
        self.eventually_equal(shown, expected, f"cgroup_info of {cgroup}")

    def check_owner(self, cgroup, **expected):
        """The series of a cgroup tell its owner by these labels and by no others; the id is on cgroup_info."""
        usage = lambda: self.series("cgroup_memory_usage_bytes", cgroup=cgroup)
        shown = lambda: [{name: labels[name] for name in OWNER if name in labels} for labels, _ in usage()]
        on_series = {name: value for name, value in expected.items() if name != "container_id"}
        self.eventually_equal(shown, [on_series], f"labels of the memory usage of {cgroup}")
        self.check_info(cgroup, **{name: expected.get(name) for name in OWNER})

    def check_gone(self, container_id):
        left = lambda: self.series("cgroup_info", container_id=container_id)
        self.eventually_equal(left, [], f"what is left of {container_id}")
