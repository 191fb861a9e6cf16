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
DROP_INS = ("no-capabilities.conf", "no-homes.conf")
PERMISSIONS = "recent-peaks.conf"
MOST_EXPOSURE = 2.0
# Versions of systemd weigh a little differently from the one that README.md names.
MORE_OF_OTHER_VERSIONS = 0.3


def settings(path):
    """(key, value) of every setting, in order."""
    return [tuple(line.split("=", 1)) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]


def calls_of(words):
    """The names of system calls that a setting's value stands for; @GROUP is what this systemd knows by it."""
    found = set()
    for word in words:
        if word.startswith("@"):
            text = subprocess.run(["systemd-analyze", "syscall-filter", word], stdout=subprocess.PIPE, text=True, check=True).stdout
            word_calls = [line.strip() for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
            found |= calls_of(word_calls)
        else:
            found.add(word)
    return found


def allowed_calls(path):
    found = set()
    for value in [value for key, value in settings(path) if key == "SystemCallFilter"]:
        calls = calls_of(value.removeprefix("~").split())
        found = found - calls if value.startswith("~") else found | calls
    return found


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

    def add_drop_in(self, name="no-capabilities.conf"):
        directory = self.root / f"etc/systemd/system/{UNIT}.d"
        directory.mkdir(parents=True, exist_ok=True)
        shutil.copy(FILES / name, directory)

    def test_systemd_understands_every_line(self):
        for name in (None, *DROP_INS, PERMISSIONS):
            if name:
                self.add_drop_in(name)
            said = self.run_tool("systemd-analyze", "verify", "--man=no", f"--root={self.root}", UNIT)
            self.assertEqual([line for line in said.splitlines() if "cgroup2-exporter" in line or any(one in line for one in (*DROP_INS, PERMISSIONS))], [])

    def test_exposure_of_the_default_unit_is_low(self):
        self.assertLessEqual(self.exposure(), MOST_EXPOSURE)

    def test_a_drop_in_adds_no_exposure(self):
        for name in DROP_INS:
            before = self.exposure()
            self.add_drop_in(name)
            self.assertLessEqual(self.exposure(), before, name)

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
        self.assertIn(f"gives the unit {stated.group(1)} ", (TOP / "docs/systemd.md").read_text())

    def test_the_readme_explains_exactly_the_capabilities_of_the_unit(self):
        explained = re.findall(r"^\| (CAP_\w+) \|", (FILES / "README.md").read_text(), re.MULTILINE)
        for key in ("AmbientCapabilities", "CapabilityBoundingSet"):
            self.assertEqual([value.split() for name, value in settings(FILES / UNIT) if name == key], [explained], key)

    def test_the_drop_in_leaves_no_capability_and_no_log_of_the_kernel(self):
        lines = settings(FILES / "no-capabilities.conf")
        for line in (("AmbientCapabilities", ""), ("CapabilityBoundingSet", ""), ("StandardInput", "null"), ("DeviceAllow", "")):
            self.assertIn(line, lines)

    def test_the_drop_in_for_recent_peaks_gives_the_right_to_write_and_no_other(self):
        self.assertEqual(settings(FILES / PERMISSIONS), [
            ("AmbientCapabilities", "CAP_DAC_OVERRIDE"), ("CapabilityBoundingSet", "CAP_DAC_OVERRIDE"), ("ProtectControlGroups", "no")])

    def test_the_log_of_the_kernel_is_read_where_systemd_opened_it(self):
        lines = settings(FILES / UNIT)
        for line in (("StandardInput", "file:/dev/kmsg"), ("DeviceAllow", "/dev/kmsg r"), ("ProtectKernelLogs", "yes")):
            self.assertIn(line, lines)
        self.assertIn("--path.kmsg=/dev/stdin", dict(lines)["ExecStart"].split())

    def test_threads_may_take_rights_away_from_themselves(self):
        calls = allowed_calls(FILES / UNIT)
        self.assertLessEqual({"capset", "prctl", "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}, calls)
        self.assertEqual(calls & {"open_by_handle_at", "ptrace", "process_vm_readv", "process_vm_writev", "mount", "bpf", "init_module", "setuid", "chroot"}, set())

    def test_memory_and_threads_are_bounded_above_what_the_settings_allow(self):
        lines = dict(settings(FILES / UNIT))
        most_scrapes = int(re.search(r"Maximum concurrent scrapes, 1 to (\d+);", (TOP / "docs/cgroup2_exporter.1").read_text()).group(1))
        beside = int(re.search(r"beside_scrapes = (\d+);", (TOP / "src/app/app.cpp").read_text()).group(1))
        self.assertGreater(int(lines["TasksMax"]), most_scrapes + beside + 100)
        self.assertEqual(lines["MemoryMax"], "1G")

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
