#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""deb.py BUILD: makes the Debian package of a build, shows it to lintian, and installs, upgrades, removes and purges it in a root of
this host's distribution. Nothing of it touches the host."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
AS_ROOT = [] if os.geteuid() == 0 else ["sudo"]
CONFIG = "etc/cgroup2_exporter/config.yaml"
UNIT_LINK = "etc/systemd/system/multi-user.target.wants/cgroup2-exporter.service"
STATE = "var/lib/cgroup2_exporter"


def run(*command, check=True, **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def make_package(directory):
    run("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", directory)
    (package,) = directory.glob("*.deb")
    return package


def field(package, name):
    return run("dpkg-deb", "-f", package, name).strip()


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
        cls.package = make_package(cls.work)

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
        cls.addClassCleanup(lambda: run(*AS_ROOT, "rm", "-rf", directory.name + "/root"))
        cls.addClassCleanup(directory.cleanup)
        cls.work = pathlib.Path(directory.name)
        cls.package = make_package(cls.work)
        needed = [re.split(r"[ |]", name.strip())[0] for name in field(cls.package, "Depends").split(",")]
        tar = subprocess.run([TOP / "tests/deploy/root.sh", *sorted({*needed, "man-db"})], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        cls.root = cls.work / "root"
        cls.root.mkdir()
        run(*AS_ROOT, "tar", "-xf", tar, "-C", cls.root)

    def inside(self, script, check=True):
        """Runs a shell script in the root, with processes and mounts of its own that end with it."""
        return run(*AS_ROOT, "unshare", "--mount", "--pid", "--fork", "--uts", "sh", "-c",
                   'mount -t proc proc "$1/proc" && exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 '
                   'DEBIAN_FRONTEND=noninteractive sh -ec "$2"', "sh", self.root, script, check=check)

    def dpkg(self, verb, *packages):
        for package in packages:
            run(*AS_ROOT, "cp", package, self.root / "root/")
        names = " ".join(f"/root/{package.name}" for package in packages) or "cgroup2-exporter"
        return self.inside(f"dpkg {verb} {names} 2>&1")

    def exists(self, path):
        return self.inside(f"[ -e /{path} ] || [ -L /{path} ] && echo yes || echo no").strip() == "yes"

    def write_config(self, text):
        self.inside(f"cat >/{CONFIG} <<'END'\n{text}END")

    def config(self):
        return self.inside(f"cat /{CONFIG}")

    def test_1_install(self):
        said = self.dpkg("--install", self.package)
        self.assertNotRegex(said, "(?i)error|warning|fail")
        self.assertEqual(self.config(), (TOP / "config/cgroup2_exporter.yaml").read_text())
        self.assertTrue(self.exists(UNIT_LINK), "the service is enabled")
        self.assertEqual(self.inside(f"stat -c '%U %G %a' /{STATE}").strip(), "cgroup2-exporter cgroup2-exporter 750")
        self.assertIn("nologin", self.inside("getent passwd cgroup2-exporter"))
        self.assertEqual(self.inside("dpkg --verify cgroup2-exporter"), "")

    def test_2_the_program_and_its_configuration_work_there(self):
        version = re.sub(r"-1$", "", field(self.package, "Version"))
        self.assertEqual(self.inside("cgroup2_exporter --version"), f"cgroup2_exporter, version {version}\n")
        self.assertEqual(self.inside(f"cgroup2_exporter --config.check --config.file=/{CONFIG}"), "configuration OK\n")
        said = self.inside("systemd-analyze verify cgroup2-exporter.service 2>&1 || true")
        self.assertEqual([line for line in said.splitlines() if "cgroup2" in line], [])

    def test_3_its_manual_page_is_found(self):
        page = self.inside("man --warnings cgroup2_exporter 2>&1 | cat")
        self.assertIn("Prometheus exporter for cgroup v2", page)
        self.assertIn("--web.listen-address=ADDRESS", page)
        self.assertIn("cgroup2_exporter", self.inside("mandb -q; apropos -e cgroup2_exporter"))

    def test_4_upgrade_replaces_a_configuration_that_nobody_changed(self):
        config = (TOP / "config/cgroup2_exporter.yaml").read_text() + "# of the next release\n"
        self.inside(f"echo kills >/{STATE}/oom.json")
        self.dpkg("--install", next_version(self.package, self.work, config))
        self.assertEqual(self.config(), config)
        self.assertTrue(self.exists(f"{STATE}/oom.json"))

    def test_5_upgrade_keeps_what_the_administrator_changed(self):
        self.write_config("# mine\n")
        self.inside("systemctl disable cgroup2-exporter 2>&1")
        self.dpkg("--force-confdef --force-confold --install", self.package)
        self.assertEqual(self.config(), "# mine\n")
        self.assertEqual(self.inside(f"cat /{CONFIG}.dpkg-dist"), (TOP / "config/cgroup2_exporter.yaml").read_text())
        self.assertFalse(self.exists(UNIT_LINK), "a disabled service stays disabled")

    def test_6_remove_leaves_configuration_and_counts(self):
        self.dpkg("--remove")
        for path in ("usr/bin/cgroup2_exporter", "usr/lib/systemd/system/cgroup2-exporter.service", "usr/share/man/man1/cgroup2_exporter.1.gz"):
            self.assertFalse(self.exists(path), path)
        self.assertEqual(self.config(), "# mine\n")
        self.assertTrue(self.exists(f"{STATE}/oom.json"))

    def test_7_purge_leaves_nothing(self):
        self.dpkg("--purge")
        left = self.inside("find /etc /usr /var -path /var/cache -prune -o -name '*cgroup2?exporter*' -print")
        self.assertEqual(left, "")

    def test_8_install_after_purge_starts_anew(self):
        self.dpkg("--install", self.package)
        self.assertEqual(self.config(), (TOP / "config/cgroup2_exporter.yaml").read_text())
        self.assertTrue(self.exists(UNIT_LINK))
        self.dpkg("--purge")


if __name__ == "__main__":
    unittest.main()
