# SPDX-License-Identifier: Apache-2.0
"""No OOM kill is lost and none is counted twice when the Debian package is upgraded and downgraded, with the commands of docs/install.md."""

import pathlib
import re

from kills import StormsTest

STATE = "/var/lib/cgroup2_exporter/oom.json"
DOCUMENT = pathlib.Path(__file__).resolve().parents[3] / "docs/install.md"
# Small ones, of which several begin and end while a package is replaced.
STORM = [("living", 2, 3), ("removed", 2, 3), ("deep", 1, 3), ("first", 1, 3)]
OLD, NEW = "/root/old.deb", "/root/new.deb"


def documented(words, package):
    """The command that the document shows, with this package and without a question."""
    (command,) = re.findall(rf"^apt install {words}\./(?:\S+\.deb)$", DOCUMENT.read_text(), re.MULTILINE)
    return re.sub(r"\./\S+$", package, command).replace("apt install", "apt-get -q --yes install")


class UpgradeTest(StormsTest):
    """One life, in this order: the old package, the new one, the old one."""

    def storm(self, kinds=tuple(STORM)):
        return super().storm(kinds)

    def pid(self):
        return self.machine.text("main_pid")

    def version(self):
        return self.machine.text("dpkg-query -W -f '${Version}' cgroup2-exporter")

    def install(self, words, package):
        """Replaces the package, of which the service must run then, under kills; returns their number. What was shown must be shown by the next service."""
        shown, pid = self.samples(), self.pid()
        command = documented(words, package)
        kills = self.storms_during(lambda: self.report(self.machine.text(f"{command} 2>&1 && await_exporter", timeout=240).splitlines()[-1]))
        self.assertEqual(self.machine.text("systemctl is-active cgroup2-exporter; systemctl is-enabled cgroup2-exporter"), "active\nenabled")
        self.assertNotEqual(self.pid(), pid, "the service was not restarted")
        self.assertEqual(self.machine.text(f"dpkg-deb -f {package} Version"), self.version())
        self.machine.sh("cmp /usr/bin/cgroup2_exporter /proc/$(main_pid)/exe")
        again = self.samples()
        fell = {key: (value, again.get(key, 0)) for key, value in shown.items() if again.get(key, 0) < value}
        self.assertEqual(fell, {}, "shown by the service before, and by the next one")
        self.assertEqual(self.machine.text(f"ls {STATE}*"), STATE, "a state file was set aside")
        self.assertEqual(self.machine.text("grep -c 'state file is not used' /run/exporter.log || true"), "0")
        return kills

    def test_1_old_package_counts(self):
        self.check(f"after the installation of {self.version()}", self.storm())

    def test_2_upgrade(self):
        self.check("upgraded in the storm", self.install("", NEW))
        self.check(f"after the upgrade to {self.version()}", self.storm())

    def test_3_downgrade(self):
        self.check("downgraded in the storm", self.install("--allow-downgrades ", OLD))
        self.check(f"after the downgrade to {self.version()}", self.storm())
