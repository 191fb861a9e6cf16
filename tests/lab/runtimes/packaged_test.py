# SPDX-License-Identifier: Apache-2.0
"""The Debian package as it was built, under a real systemd: that it starts its service, that the hardening takes nothing away which the rights
should buy, and that nothing is left of it."""

import pathlib
import re

from case import id_of
from runtime_case import RuntimeTest
from shown import Shown

POD = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice"
APP = f"{POD}/cri-containerd-{id_of('app')}.scope"
README = pathlib.Path(__file__).resolve().parent.parent.parent.parent / "deploy/systemd/README.md"
AWAIT = """
    for try in $(seq 100); do busybox wget -q -O /dev/null http://127.0.0.1:9307/-/ready && exit 0; sleep 0.2; done
    journalctl --no-pager --unit cgroup2-exporter >&2
    exit 1
"""
# On another port than the machine's own exporter, and with all metrics; an administrator's file is kept. A program of another distribution is started with
# the libraries that came with it.
INSTALL = """
    echo 'path-include=/usr/share/doc/cgroup2-exporter/*' >/etc/dpkg/dpkg.cfg.d/zz-cgroup2-exporter # the machine has no documents else
    echo 'ARGS="--web.listen-address=127.0.0.1:9307 --collectors=standard"' >/etc/default/cgroup2-exporter
    if [ -e /lab/foreign ]; then
      dpkg-divert --quiet --local --no-rename --divert /usr/bin/cgroup2_exporter.packaged /usr/bin/cgroup2_exporter
      cp /lab/exporter.sh /usr/bin/cgroup2_exporter
      dpkg --force-depends --force-confold --install /lab/cgroup2-exporter.deb
    else
      dpkg --force-confold --install /lab/cgroup2-exporter.deb
    fi
""" + AWAIT


class PackagedCase(Shown):
    killed = None  # the unit of which a process is killed

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _ in range(5):  # names are asked for bit by bit
            cls.exposition = cls.machine.text("sleep 1.1; busybox wget -q -O - http://127.0.0.1:9307/metrics")

    def exposure(self):
        """What systemd says of the unit's protection, in a version that the document names too."""
        version = self.machine.text("systemctl --version").split()[1]
        text = self.machine.text("systemd-analyze --no-pager security cgroup2-exporter.service")
        return version, re.search(r"Overall exposure level for \S+: ([0-9.]+)", text).group(1)

    def stated(self):
        return re.search(r"gives the unit ([0-9.]+) and the unit with the drop-in ([0-9.]+) \(systemd (\d+);", README.read_text()).groups()

    def test_it_runs_as_its_user(self):
        self.assertEqual(self.machine.text("stat -c %U /proc/$(systemctl show --property MainPID --value cgroup2-exporter)"), "cgroup2-exporter")

    def test_memory_is_read(self):
        self.assertIn("kind", self.labels("cgroup_info", APP))
        self.assertTrue(self.labels("cgroup_memory_usage_bytes", "/system.slice/lab-plain.service"))

    def test_counts_of_oom_kills_are_kept(self):
        self.assertEqual(self.machine.text("stat -c '%U %a' /var/lib/cgroup2_exporter"), "cgroup2-exporter 750")
        self.machine.sh(f"! systemd-run --quiet --wait --unit {self.killed} -p MemoryMax=4M -p MemorySwapMax=0 dd if=/dev/zero of=/dev/null bs=64M count=1")
        self.eventually_equal(lambda: self.machine.text("ls /var/lib/cgroup2_exporter"), "oom.json", "the state directory")


class UnitTest(PackagedCase):
    stage = INSTALL
    killed = "killed-with-capabilities.service"

    def test_it_was_installed_started_and_enabled(self):
        self.assertEqual(self.machine.text("dpkg-query -W -f '${Status}' cgroup2-exporter"), "install ok installed")
        self.assertEqual(self.machine.text("systemctl is-active cgroup2-exporter; systemctl is-enabled cgroup2-exporter"), "active\nenabled")

    def test_its_exposure_is_the_stated_one(self):
        stated, _, version = self.stated()
        self.assertEqual(self.exposure(), (version, stated))

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
        cp /usr/share/doc/cgroup2-exporter/examples/no-capabilities.conf /etc/systemd/system/cgroup2-exporter.service.d/
        systemctl daemon-reload
        systemctl restart cgroup2-exporter
    """ + AWAIT
    killed = "killed-without-capabilities.service"

    def test_counts_of_before_the_restart_are_shown(self):
        shown = [line.split()[-1] for line in self.exposition.splitlines() if line.startswith("cgroup_oom_kills_total{") and UnitTest.killed in line]
        self.assertEqual(shown, ["1"])

    def test_its_exposure_is_the_stated_one(self):
        _, stated, version = self.stated()
        self.assertEqual(self.exposure(), (version, stated))

    def test_it_lacks_what_the_capabilities_buy(self):
        self.assertIsNone(self.labels("cgroup_namespace_info", "/system.slice/lab-plain.service"))
        self.assertNotIn("image", self.labels("cgroup_info", APP))


class PurgedTest(RuntimeTest):
    stage = "rm -r /etc/systemd/system/cgroup2-exporter.service.d && dpkg --purge cgroup2-exporter"

    def test_service_configuration_and_counts_are_gone(self):
        self.assertEqual(self.machine.text("systemctl is-active cgroup2-exporter || true"), "inactive")
        self.assertEqual(self.machine.text("busybox wget -q -O /dev/null http://127.0.0.1:9307/-/healthy 2>/dev/null && echo there || echo gone"), "gone")
        self.assertEqual(self.machine.text("ls -d /etc/cgroup2_exporter /etc/default/cgroup2-exporter /var/lib/cgroup2_exporter 2>/dev/null || true"), "")
