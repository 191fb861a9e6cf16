# SPDX-License-Identifier: Apache-2.0
"""What load leaves behind: counters rise where and when the kernel's do, and rest at the kernel's value."""

import time

from case import BARE_CGROUP, DOCKER_CGROUP, POD_CGROUP, LabTest, id_of

OOM_KILLS = 3


class LoadTest(LabTest):
    def test_throttling_and_pressure_rise_under_load_and_not_before(self):
        throttled = lambda: self.value("cgroup_cpu_throttled_seconds_total", DOCKER_CGROUP)
        waiting = lambda: self.value("cgroup_cpu_pressure_waiting_seconds_total", DOCKER_CGROUP)
        kernel = lambda: self.machine.keyed(f"{DOCKER_CGROUP}/cpu.stat")["throttled_usec"] / 1e6
        before = kernel()
        self.eventually_equal(throttled, before, "throttled before the load")
        time.sleep(5)
        self.assertEqual(throttled(), before, "throttled without load")
        pressure_before = waiting()
        # Two loops in 0.2 cores: for most of each 100 ms period the cgroup must stand still.
        burn = f"crun exec -d {id_of('docker')} timeout 6 sh -c 'while :; do :; done'\n"
        self.machine.sh(burn * 2)
        self.eventually(throttled, lambda value: value > before + 0.5, "throttled under load")
        self.eventually(waiting, lambda value: value > pressure_before + 0.5, "CPU pressure under load")
        pids = lambda: self.machine.number(f"{DOCKER_CGROUP}/pids.current")
        self.eventually(pids, lambda count: count <= 2, "end of the load")
        self.eventually(throttled, lambda value: value == kernel(), "throttled at rest, as cpu.stat says")
        self.report(f"throttled: {before} s before the load, {throttled()} s after it; pressure {pressure_before} s, {waiting()} s")

    def test_oom_kills_are_counted_as_the_kernel_counts_them(self):
        for _ in range(OOM_KILLS):
            self.machine.sh(f"! crun exec {id_of('bare')} tail /dev/zero")
        kernel = self.machine.keyed(f"{BARE_CGROUP}/memory.events")
        self.assertGreaterEqual(kernel["oom_kill"], OOM_KILLS)
        for metric, labels in (("cgroup_memory_oom_kills_total", {}), ("cgroup_memory_events_total", {"event": "oom_kill"}),
                               ("cgroup_memory_events_local_total", {"event": "oom_kill"})):
            self.eventually_equal(lambda: self.value(metric, BARE_CGROUP, **labels), kernel["oom_kill"], metric)
        parent = self.machine.keyed("/lab/memory.events")["oom_kill"]
        self.eventually_equal(lambda: self.value("cgroup_memory_oom_kills_total", "/lab"), parent, "kills below /lab")
        for event in ("max", "oom"):
            read = lambda: self.value("cgroup_memory_events_total", BARE_CGROUP, event=event)
            self.eventually_equal(read, kernel[event], f"memory.events {event}")
        self.report(f"OOM kills: {kernel['oom_kill']} by the kernel, all stored")

    def test_written_bytes_are_counted_by_device(self):
        written = lambda: self.value("cgroup_io_written_bytes_total", POD_CGROUP, device="vda")
        before = written() or 0
        self.machine.sh(f"runc exec {id_of('pod')} dd if=/dev/zero of=/dev/vda bs=65536 count=64 oflag=direct")
        self.eventually_equal(written, before + 64 * 65536, "bytes written to vda")
        self.report(f"io: {64 * 65536} bytes written, all stored")

    def test_memory_follows_what_a_container_keeps(self):
        usage = lambda: self.value("cgroup_memory_usage_bytes", POD_CGROUP)
        before = usage()
        size = 24 << 20
        self.machine.sh(f"runc exec {id_of('pod')} dd if=/dev/zero of=/tmp/fill bs=1048576 count=24")
        grown = self.eventually(usage, lambda value: value > before + size * 0.9, "usage with a file in tmpfs")
        self.assertLess(grown, before + size + (8 << 20))
        self.machine.sh(f"runc exec {id_of('pod')} rm /tmp/fill")
        self.eventually(usage, lambda value: value is not None and value < before + (4 << 20), "usage after the file is gone")

    def test_a_fork_bomb_stops_at_the_pids_limit(self):
        script = "i=0; while [ $i -lt 40 ]; do sleep 4 & i=$((i + 1)); done"
        self.machine.sh(f"crun exec {id_of('docker')} sh -c '{script}' || true")
        kernel = self.machine.keyed(f"{DOCKER_CGROUP}/pids.events")["max"]
        self.assertGreater(kernel, 0)
        has_peak = self.machine.text(f"ls /sys/fs/cgroup{DOCKER_CGROUP}").find("pids.peak") >= 0  # since 6.1
        peak = 24 if has_peak else None
        self.eventually_equal(lambda: self.value("cgroup_pids_peak", DOCKER_CGROUP), peak, "the peak is the limit")
        self.eventually(lambda: self.value("cgroup_pids", DOCKER_CGROUP), lambda count: count <= 2, "pids after the bomb")
        self.report(f"fork bomb: {kernel} forks refused at 24 processes")
