# SPDX-License-Identifier: Apache-2.0
"""The use of swap space is shown from the moment at which the host has some, and is 0 after it is gone."""

from case import LabTest

SWAPPED = "/swapped"
# dd fills its buffer of 8 MiB once and then waits for a reader: of 8 MiB at most 4 are in memory.
FILL = f"""modprobe loop
truncate -s 32M /run/swap
device=$(losetup -f)
losetup "$device" /run/swap
mkswap "$device" >/dev/null
swapon "$device"
echo "$device" >/run/swap.device
mkdir /sys/fs/cgroup{SWAPPED}
echo 4M >/sys/fs/cgroup{SWAPPED}/memory.max
(echo 0 >/sys/fs/cgroup{SWAPPED}/cgroup.procs; exec dd if=/dev/zero bs=8M count=2) 2>/dev/null | sleep 1000 >/dev/null 2>&1 &
echo $! >/run/swap.reader"""
EMPTY = f"""kill "$(cat /run/swap.reader)" $(cat /sys/fs/cgroup{SWAPPED}/cgroup.procs)
until rmdir /sys/fs/cgroup{SWAPPED} 2>/dev/null; do sleep 0.1; done
swapoff "$(cat /run/swap.device)"
losetup -d "$(cat /run/swap.device)"
rm /run/swap /run/swap.device /run/swap.reader"""


class SwapTest(LabTest):
    def test_use_of_swap_is_shown_as_soon_as_there_is_some(self):
        usage = lambda: self.value("cgroup_memory_swap_usage_bytes", SWAPPED)
        of_kernel = lambda: int(self.machine.text(f"cat /sys/fs/cgroup{SWAPPED}/memory.swap.current"))
        others = lambda: {cgroup: value for cgroup, value in self.values("cgroup_memory_swap_usage_bytes").items() if cgroup != SWAPPED}
        self.assertEqual(set(others().values()), {0.0}, "no swap space yet")
        self.machine.sh(FILL)
        used = self.eventually(of_kernel, lambda value: value >= 1 << 20, "swapped bytes, as the kernel says")
        self.eventually(lambda: (usage(), of_kernel()), lambda both: both[0] == both[1], "swapped bytes, exported and as the kernel says")
        self.machine.sh(EMPTY)
        self.eventually_equal(lambda: set(others().values()), {0.0}, "swapped bytes without swap space")
        self.report(f"at least {used} bytes were in swap")
