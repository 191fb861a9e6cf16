#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""deb.py BUILD: makes the Debian package of a build, shows it to lintian, and installs, upgrades, removes and purges it in a root of
this host's distribution. Nothing of it touches the host."""

import pathlib
import re
import sys
import tempfile
import unittest

from package_root import CONFIG, STATE, TOP, UNIT_LINK, PackageRoot, field, make_deb, run

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()


def next_version(package, directory, config):
    """The same package as another release, with this text for a default configuration."""
    tree = directory / "tree"
    run("dpkg-deb", "-R", package, tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*", r"\g<0>.1", control.read_text(), flags=re.MULTILINE))
    (tree / CONFIG).write_text(config)
    target = directory / "next.deb"
    run("dpkg-deb", "--root-owner-group", "-b", tree, target)
    run("rm", "-rf", tree)
    return target


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.work = pathlib.Path(directory.name)
        cls.package = make_deb(BUILD, cls.work)

    def test_its_name_and_version_are_the_projects(self):
        version = re.search(r"VERSION ([0-9.]+) ", (TOP / "CMakeLists.txt").read_text()).group(1)
        changelog = re.match(r"cgroup2-exporter \(([^)]+)\)", (TOP / "deploy/debian/changelog").read_text()).group(1)
        self.assertEqual(changelog, version + "-1")
        self.assertEqual(self.package.name, f"cgroup2-exporter_{version}-1_{run('dpkg', '--print-architecture').strip()}.deb")

    def test_lintian_has_nothing_to_say(self):
        self.assertEqual(run("lintian", "--allow-root", "--fail-on", "error,warning", self.package), "")

    def test_every_override_has_a_reason(self):
        lines = (TOP / "deploy/debian/lintian-overrides").read_text().splitlines()[1:]
        for before, line in zip(lines, lines[1:]):
            if not line.startswith("#"):
                self.assertTrue(before.startswith("# "), line)


class LifeTest(unittest.TestCase):
    """One life, in this order: installed, upgraded, removed, purged."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.work = pathlib.Path(directory.name)
        cls.package = make_deb(BUILD, cls.work)
        cls.root = PackageRoot(cls.work, cls.package)
        cls.addClassCleanup(cls.root.remove)

    def dpkg(self, verb, *packages):
        return self.root.inside(f"dpkg {verb} {self.root.take(*packages) or 'cgroup2-exporter'} 2>&1")

    def test_1_install(self):
        said = self.dpkg("--install", self.package)
        self.assertNotRegex(said, "(?i)error|warning|fail")
        self.assertEqual(self.root.config(), (TOP / "config/cgroup2_exporter.yaml").read_text())
        self.assertTrue(self.root.exists(UNIT_LINK), "the service is enabled")
        self.assertEqual(self.root.inside(f"stat -c '%U %G %a' /{STATE}").strip(), "cgroup2-exporter cgroup2-exporter 750")
        self.assertIn("nologin", self.root.inside("getent passwd cgroup2-exporter"))
        self.assertEqual(self.root.inside("dpkg --verify cgroup2-exporter"), "")

    def test_2_the_program_and_its_configuration_work_there(self):
        version = re.sub(r"-1$", "", field(self.package, "Version"))
        self.assertEqual(self.root.inside("cgroup2_exporter --version"), f"cgroup2_exporter, version {version}\n")
        self.assertEqual(self.root.inside(f"cgroup2_exporter --config.check --config.file=/{CONFIG}"), "configuration OK\n")
        said = self.root.inside("systemd-analyze verify cgroup2-exporter.service 2>&1 || true")
        self.assertEqual([line for line in said.splitlines() if "cgroup2" in line], [])

    def test_3_its_manual_page_is_found(self):
        page = self.root.inside("man --warnings cgroup2_exporter 2>&1 | cat")
        self.assertIn("Prometheus exporter for cgroup v2", page)
        self.assertIn("--web.listen-address=ADDRESS", page)
        self.assertIn("cgroup2_exporter", self.root.inside("mandb -q; apropos -e cgroup2_exporter"))

    def test_4_upgrade_replaces_a_configuration_that_nobody_changed(self):
        config = (TOP / "config/cgroup2_exporter.yaml").read_text() + "# of the next release\n"
        self.root.inside(f"echo kills >/{STATE}/oom.json")
        self.dpkg("--install", next_version(self.package, self.work, config))
        self.assertEqual(self.root.config(), config)
        self.assertTrue(self.root.exists(f"{STATE}/oom.json"))

    def test_5_upgrade_keeps_what_the_administrator_changed(self):
        self.root.write_config("# mine\n")
        self.root.inside("systemctl disable cgroup2-exporter 2>&1")
        self.dpkg("--force-confdef --force-confold --install", self.package)
        self.assertEqual(self.root.config(), "# mine\n")
        self.assertEqual(self.root.inside(f"cat /{CONFIG}.dpkg-dist"), (TOP / "config/cgroup2_exporter.yaml").read_text())
        self.assertFalse(self.root.exists(UNIT_LINK), "a disabled service stays disabled")

    def test_6_remove_leaves_configuration_and_counts(self):
        self.dpkg("--remove")
        for path in ("usr/bin/cgroup2_exporter", "usr/lib/systemd/system/cgroup2-exporter.service", "usr/share/man/man1/cgroup2_exporter.1.gz"):
            self.assertFalse(self.root.exists(path), path)
        self.assertEqual(self.root.config(), "# mine\n")
        self.assertTrue(self.root.exists(f"{STATE}/oom.json"))

    def test_7_purge_leaves_nothing(self):
        self.dpkg("--purge")
        left = self.root.inside("find /etc /usr /var -path /var/cache -prune -o -name '*cgroup2?exporter*' -print")
        self.assertEqual(left, "")

    def test_8_install_after_purge_starts_anew(self):
        self.dpkg("--install", self.package)
        self.assertEqual(self.root.config(), (TOP / "config/cgroup2_exporter.yaml").read_text())
        self.assertTrue(self.root.exists(UNIT_LINK))
        self.dpkg("--purge")


if __name__ == "__main__":
    unittest.main()
