#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rpm.py BUILD: makes the RPM package of a build, and installs, upgrades and removes it in a root of this host's distribution that has rpm.
Nothing of it touches the host."""

import pathlib
import re
import sys
import tempfile
import unittest

from package_root import CONFIG, STATE, TOP, UNIT_LINK, PackageRoot, make_deb, run

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
OF_DEBIAN = {"/usr/share/doc/cgroup2-exporter/changelog.Debian.gz", "/usr/share/lintian/overrides/cgroup2-exporter"}


def make_package(directory, *more):
    run("cpack", "-G", "RPM", *more, "--config", BUILD / "CPackConfig.cmake", "-B", directory, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": "1700000000"})
    (package,) = directory.glob("*.rpm")
    return package


def query(package, *words):
    return run("rpm", "--query", *words, "--package", package).splitlines()


class Work(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        cls.addClassCleanup(directory.cleanup)
        cls.work = pathlib.Path(directory.name)
        cls.package = make_package(cls.work / "first")
        cls.deb = make_deb(BUILD, cls.work)


class PackageTest(Work):
    def test_its_name_and_version_are_the_projects(self):
        version = re.search(r"VERSION ([0-9.]+) ", (TOP / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(query(self.package, "--queryformat", "%{NAME} %{VERSION} %{RELEASE} %{LICENSE}\n"), [f"cgroup2-exporter {version} 1 Apache-2.0"])
        self.assertIn("Reads the kernel's files of every cgroup v2", "\n".join(query(self.package, "--info")))

    def test_its_files_are_those_of_the_debian_package(self):
        of_deb = {line.split()[5].removeprefix(".") for line in run("dpkg-deb", "--contents", self.deb).splitlines() if not line.startswith("d")}
        rows = [line.split() for line in query(self.package, "--list", "--verbose")]
        self.assertEqual({row[8] for row in rows if not row[0].startswith("d")}, of_deb - OF_DEBIAN)
        self.assertEqual({(row[2], row[3]) for row in rows}, {("root", "root")})

    def test_its_settings_are_the_administrators(self):
        self.assertEqual(query(self.package, "--configfiles"), [f"/{CONFIG}", "/etc/default/cgroup2-exporter"])

    def test_it_needs_no_library_of_the_distribution(self):
        needs = {line for line in query(self.package, "--requires") if not line.startswith("rpmlib(")}
        self.assertEqual(needs, {"/bin/sh", "systemd"})

    def test_every_build_has_the_same_bytes(self):
        again = make_package(self.work / "again")
        self.assertEqual(again.read_bytes(), self.package.read_bytes())


class LifeTest(Work):
    """One life, in this order: installed, upgraded, removed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.next = make_package(cls.work / "next", "-D", "CPACK_RPM_PACKAGE_RELEASE=2")
        cls.root = PackageRoot(cls.work, cls.deb)
        cls.addClassCleanup(cls.root.remove)

    def rpm(self, verb, *packages):
        """Without the packages that it needs, which are there as Debian's."""
        return self.root.inside(f"rpm {verb} --nodeps {self.root.take(*packages) or 'cgroup2-exporter'} 2>&1")

    def test_1_install(self):
        self.root.inside("mkdir -p /etc/systemd/system-preset && echo 'disable *' >/etc/systemd/system-preset/90-all.preset")
        said = self.rpm("--install", self.package)
        self.assertNotRegex(said, "(?i)error|warning: [^/]|fail")
        self.assertEqual(self.root.config(), (TOP / "config/cgroup2_exporter.yaml").read_text())
        self.assertFalse(self.root.exists(UNIT_LINK), "the host's presets decide")
        self.assertEqual(self.root.inside(f"stat -c '%U %G %a' /{STATE}").strip(), "cgroup2-exporter cgroup2-exporter 750")
        self.assertEqual(self.root.inside("rpm --verify --nodeps cgroup2-exporter"), "")

    def test_2_the_program_and_its_configuration_work_there(self):
        (version,) = query(self.package, "--queryformat", "%{VERSION}\n")
        self.assertEqual(self.root.inside("cgroup2_exporter --version"), f"cgroup2_exporter, version {version}\n")
        self.assertEqual(self.root.inside(f"cgroup2_exporter --config.check --config.file=/{CONFIG}"), "configuration OK\n")

    def test_3_upgrade_keeps_what_the_administrator_changed_and_the_counts(self):
        self.root.inside(f"echo kills >/{STATE}/oom.json; systemctl enable cgroup2-exporter 2>&1")
        self.root.write_config("# mine\n")
        self.rpm("--upgrade", self.next)
        self.assertEqual(self.root.config(), "# mine\n")
        self.assertTrue(self.root.exists(f"{STATE}/oom.json"))
        self.assertTrue(self.root.exists(UNIT_LINK), "an enabled service stays enabled")

    def test_4_downgrade_refuses_nothing(self):
        self.rpm("--upgrade --oldpackage", self.package)
        self.assertEqual(self.root.config(), "# mine\n")
        self.assertTrue(self.root.exists(f"{STATE}/oom.json"))
        self.rpm("--upgrade", self.next)

    def test_5_remove_leaves_counts_and_the_administrators_settings(self):
        self.rpm("--erase")
        for path in ("usr/bin/cgroup2_exporter", "usr/lib/systemd/system/cgroup2-exporter.service", UNIT_LINK, CONFIG):
            self.assertFalse(self.root.exists(path), path)
        self.assertEqual(self.root.inside(f"cat /{CONFIG}.rpmsave"), "# mine\n")
        self.assertTrue(self.root.exists(f"{STATE}/oom.json"))

    def test_6_install_enables_the_service_where_presets_do(self):
        self.root.inside("echo 'enable cgroup2-exporter.service' >/etc/systemd/system-preset/10-mine.preset")
        self.rpm("--install", self.package)
        self.assertTrue(self.root.exists(UNIT_LINK))
        self.rpm("--erase")


if __name__ == "__main__":
    unittest.main()
