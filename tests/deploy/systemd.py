#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The unit, its user and its directory, judged by systemd's own tools below a root of the test's."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = TOP / "deploy/systemd"
UNIT = "cgroup2-exporter.service"
# Versions of systemd weigh a little differently from the one that README.md names.
MORE_OF_OTHER_VERSIONS = 0.3


def settings(path):
    """(key, value) of every setting, in order."""
    return [tuple(line.split("=", 1)) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]


class UnitTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        units = self.root / "usr/lib/systemd/system"
        source = next(path for path in map(pathlib.Path, ("/usr/lib/systemd/system", "/lib/systemd/system")) if (path / "sysinit.target").exists())
        units.mkdir(parents=True)
        for unit in source.glob("*.*"):  # the targets that the unit stands in relation to
            if unit.is_file() and not unit.is_symlink():
                shutil.copy(unit, units)
        shutil.copy(FILES / UNIT, units)
        for program in ("usr/bin/cgroup2_exporter", "bin/sh"):
            (self.root / program).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy("/bin/true", self.root / program)
        (self.root / "etc").mkdir()

    def run_tool(self, *command):
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, f"{command}: {run.stdout}{run.stderr}")
        return run.stdout + run.stderr

    def exposure(self):
        text = self.run_tool("systemd-analyze", "security", "--offline=true", f"--root={self.root}", UNIT)
        return float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", text).group(1))

    def add_drop_in(self):
        directory = self.root / f"etc/systemd/system/{UNIT}.d"
        directory.mkdir(parents=True)
        shutil.copy(FILES / "no-capabilities.conf", directory)

    def test_systemd_understands_every_line(self):
        for add in (lambda: None, self.add_drop_in):
            add()
            said = self.run_tool("systemd-analyze", "verify", "--man=no", f"--root={self.root}", UNIT)
            self.assertEqual([line for line in said.splitlines() if "cgroup2-exporter" in line or "no-capabilities" in line], [])

    def test_exposure_is_what_the_readme_states(self):
        stated = re.search(r"gives the unit ([0-9.]+) and the unit with the drop-in ([0-9.]+) \(systemd (\d+);", (FILES / "README.md").read_text())
        found = [self.exposure()]
        self.add_drop_in()
        found.append(self.exposure())
        print(f"exposure {found[0]}, without capabilities {found[1]}", flush=True)
        is_same_version = self.run_tool("systemd-analyze", "--version").split()[1] == stated.group(3)
        for exposure, text in zip(found, stated.groups()[:2]):
            if is_same_version:
                self.assertEqual(exposure, float(text))
            else:
                self.assertLessEqual(exposure, float(text) + MORE_OF_OTHER_VERSIONS)

    def test_the_readme_explains_exactly_the_capabilities_of_the_unit(self):
        explained = re.findall(r"^\| (CAP_\w+) \|", (FILES / "README.md").read_text(), re.MULTILINE)
        for key in ("AmbientCapabilities", "CapabilityBoundingSet"):
            self.assertEqual([value.split() for name, value in settings(FILES / UNIT) if name == key], [explained], key)

    def test_the_drop_in_leaves_no_capability_and_no_device(self):
        lines = settings(FILES / "no-capabilities.conf")
        for key in ("AmbientCapabilities", "CapabilityBoundingSet", "DeviceAllow"):
            self.assertIn((key, ""), lines)

    def test_the_state_file_of_the_configuration_is_in_the_state_directory(self):
        directory = dict(settings(FILES / UNIT))["StateDirectory"]
        self.assertIn(f"state_file: /var/lib/{directory}/", (TOP / "config/cgroup2_exporter.yaml").read_text())

    def test_the_commands_of_the_readme_put_every_file_in_place(self):
        (block,) = re.findall(r"By hand:\n\n```\n(.*?)```", (FILES / "README.md").read_text(), re.DOTALL)
        commands = [words for words in map(shlex.split, block.splitlines()) if words[0] == "install"]
        self.assertEqual(len(commands), 4)
        for *words, target in commands:
            words = ["/bin/true" if word.startswith("build/") else word for word in words]
            subprocess.run([*words, str(self.root) + target], cwd=TOP, check=True)
        for name in (f"etc/systemd/system/{UNIT}", "etc/sysusers.d/cgroup2-exporter.conf", "etc/cgroup2_exporter/config.yaml"):
            self.assertTrue((self.root / name).is_file(), name)

    @unittest.skipUnless(os.geteuid() == 0, "only root gives a directory to another user")
    def test_user_and_directory_are_made(self):
        self.run_tool("systemd-sysusers", f"--root={self.root}", str(FILES / "cgroup2-exporter.sysusers"))
        name, _, uid, gid, *_, shell = (self.root / "etc/passwd").read_text().strip().split(":")
        self.assertEqual((name, shell), ("cgroup2-exporter", "/usr/sbin/nologin"))
        self.run_tool("systemd-tmpfiles", "--create", f"--root={self.root}", str(FILES / "cgroup2-exporter.tmpfiles"))
        state = (self.root / "var/lib/cgroup2_exporter").stat()
        self.assertEqual((state.st_uid, state.st_gid, state.st_mode & 0o777), (int(uid), int(gid), 0o750))


if __name__ == "__main__":
    unittest.main()
