# SPDX-License-Identifier: Apache-2.0
"""The service as it is packaged, under a real systemd: that its hardening takes nothing away that its rights should buy."""

from case import id_of
from shown import Shown

POD = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice"
APP = f"{POD}/cri-containerd-{id_of('app')}.scope"
START = """
    systemd-sysusers cgroup2-exporter.conf
    mkdir -p /etc/default && echo 'ARGS="--web.listen-address=127.0.0.1:9307"' >/etc/default/cgroup2-exporter
    systemctl daemon-reload
    systemctl restart cgroup2-exporter
    for try in $(seq 100); do busybox wget -q -O /dev/null http://127.0.0.1:9307/-/ready && exit 0; sleep 0.2; done
    journalctl --no-pager --unit cgroup2-exporter >&2
    exit 1
"""


class PackagedCase(Shown):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _ in range(5):  # names are asked for bit by bit
            cls.exposition = cls.machine.text("sleep 1.1; busybox wget -q -O - http://127.0.0.1:9307/metrics")

    @classmethod
    def tearDownClass(cls):
        cls.machine.sh("systemctl stop cgroup2-exporter")

    def test_it_runs_as_its_user(self):
        self.assertEqual(self.machine.text("stat -c %U /proc/$(systemctl show --property MainPID --value cgroup2-exporter)"), "cgroup2-exporter")

    def test_memory_is_read(self):
        self.assertIn("kind", self.labels("cgroup_info", APP))
        self.assertTrue(self.labels("cgroup_memory_usage_bytes", "/system.slice/lab-plain.service"))

    def test_counts_of_oom_kills_are_kept(self):
        self.assertEqual(self.machine.text("stat -c '%U %a' /var/lib/cgroup2_exporter"), "cgroup2-exporter 750")
        self.machine.sh("! systemd-run --quiet --wait -p MemoryMax=4M -p MemorySwapMax=0 dd if=/dev/zero of=/dev/null bs=64M count=1")
        self.eventually_equal(lambda: self.machine.text("ls /var/lib/cgroup2_exporter"), "oom.json", "the state directory")


class UnitTest(PackagedCase):
    stage = "rm -rf /etc/systemd/system/cgroup2-exporter.service.d" + START

    def test_nothing_is_refused(self):
        self.assertNotRegex(self.exposition, r'cgroup_exporter_read_errors_total\{[^}]*reason="E(ACCES|PERM)"')
        said = self.machine.text("journalctl --no-pager --output cat --unit cgroup2-exporter").splitlines()
        self.assertEqual([line for line in said if "level=error" in line or ("level=warn" in line and "OOM kill" not in line)], [])

    def test_namespaces_of_other_users_are_seen(self):
        self.assertTrue(self.labels("cgroup_namespace_info", "/system.slice/lab-plain.service"))

    def test_bundles_of_containerd_are_read(self):
        self.assertIn("image", self.labels("cgroup_info", APP))

    def test_the_kernels_log_is_open(self):
        pid = self.machine.text("systemctl show --property MainPID --value cgroup2-exporter")
        self.assertIn("/dev/kmsg", self.machine.text(f"ls -l /proc/{pid}/fd"))

    def test_reload_is_taken(self):
        self.machine.sh("systemctl reload cgroup2-exporter")
        said = lambda: self.machine.text("journalctl --no-pager --output cat --unit cgroup2-exporter")
        self.eventually(said, lambda text: "configuration reloaded" in text, "the log")


class UnitWithoutCapabilitiesTest(PackagedCase):
    stage = """
        mkdir -p /etc/systemd/system/cgroup2-exporter.service.d
        cp /lab/no-capabilities.conf /etc/systemd/system/cgroup2-exporter.service.d/
    """ + START

    def test_it_lacks_what_the_capabilities_buy(self):
        self.assertIsNone(self.labels("cgroup_namespace_info", "/system.slice/lab-plain.service"))
        self.assertNotIn("image", self.labels("cgroup_info", APP))
