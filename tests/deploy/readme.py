#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands of README's section on installing. Always: there are three ways of three commands at most, and what they name exists. With
--try: those for Debian and by hand are carried out in a fresh root of this host's distribution, which needs root and takes as long as a
build. Of the way to Kubernetes its image is built by image_archive.py, and its chart is rendered; no registry and no cluster is at hand to
push and install to."""

import contextlib
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

import chart
import image_archive

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def ways():
    """Heading word -> the commands of the block below it; a command may go on after a backslash."""
    (section,) = re.findall(r"^## Install\n(.*?)^## ", (TOP / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    found = re.findall(r"^((?:On|By) \w+)\b[^\n]*(?:\n(?!```)[^\n]+)*\n\n```\n(.*?)```", section, re.MULTILINE | re.DOTALL)
    assert section.count("```") == 2 * len(found), "a block without a way"
    return {name: block.replace("\\\n", "").splitlines() for name, block in found}


def flag(words, name):
    return words[words.index(name) + 1]


def copy_checkout(target):
    """What a clone of this state would have, and no .dockerignore, which is for the image's own build."""
    listed = subprocess.run(["git", "-c", f"safe.directory={TOP}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP,
                            stdout=subprocess.PIPE, text=True, check=True).stdout
    for name in listed.split("\0")[:-1]:
        if name != ".dockerignore" and (TOP / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, target / name, follow_symlinks=False)


class CommandsTest(unittest.TestCase):
    def test_there_are_three_ways_of_three_commands_at_most(self):
        self.assertEqual(list(ways()), ["On Kubernetes", "On Debian", "By hand"])
        for name, commands in ways().items():
            self.assertTrue(0 < len(commands) <= 3, name)

    def test_every_file_that_they_name_is_there(self):
        for commands in ways().values():
            for word in shlex.split(" ".join(commands)):
                if re.match(r"(scripts|deploy|config)/", word):
                    self.assertTrue((TOP / word).exists(), word)
                if word in ("--preset", "--target"):
                    self.assertIn(flag(shlex.split(" ".join(commands)), word), ("release", "cgroup2_exporter"))

    def test_the_way_to_kubernetes_installs_the_image_that_it_builds(self):
        build, push, install = map(shlex.split, ways()["On Kubernetes"])
        self.assertEqual((build[:2], build[-1]), (["docker", "build"], "."))
        image = flag(build, "--tag")
        self.assertEqual(push, ["docker", "push", image])
        self.assertEqual(image.rpartition(":")[2], image_archive.VERSION)
        self.assertEqual(TOP / install[3], chart.CHART)
        self.assertEqual(install[:3], ["helm", "install", "cgroup2-exporter"])
        values = dict(word.split("=", 1) for before, word in zip(install, install[1:]) if before == "--set")
        self.assertEqual(values, {"image.repository": image.rpartition(":")[0]})
        self.assertEqual(chart.problems({"image": {"repository": values["image.repository"]}}), [])
        # The chart takes its own version for a tag that nobody sets.
        self.assertEqual(chart.load(chart.CHART / "Chart.yaml")["appVersion"], image_archive.VERSION)

    def test_the_chart_renders_what_would_be_installed(self):
        build, _, install = map(shlex.split, ways()["On Kubernetes"])
        (value,) = [after for before, after in zip(install, install[1:]) if before == "--set"]
        renderer = chart.Renderer()
        self.addCleanup(renderer.directory.cleanup)
        values = {"image": {"repository": value.removeprefix("image.repository=")}}
        (daemonset,) = [one for one in renderer.resources(values, release=install[2], namespace=flag(install, "--namespace")) if one["kind"] == "DaemonSet"]
        self.assertEqual(daemonset["metadata"]["namespace"], flag(install, "--namespace"))
        (container,) = daemonset["spec"]["template"]["spec"]["containers"]
        self.assertEqual(container["image"], flag(build, "--tag"))


class Try(unittest.TestCase):
    """Each command is a step of an image that starts from the Dockerfile's base, so that nothing of this host helps."""

    def test_the_ways_without_a_cluster(self):
        debian, by_hand = ways()["On Debian"], ways()["By hand"]
        self.assertEqual(debian[0], by_hand[0], "else it takes another build")
        with contextlib.closing(image_archive.Buildah()) as buildah:
            image_archive.build_base(buildah)
            checkout = buildah.work / "checkout"
            copy_checkout(checkout)
            recipe = buildah.work / "Dockerfile"
            steps = "".join(f"RUN {command}\n" for command in debian).replace("RUN apt install", "RUN apt install --yes")
            recipe.write_text(f"FROM {image_archive.base_name()}\nWORKDIR /src\nCOPY . .\n{steps}")
            buildah.build(checkout, "tried", "--file", recipe)
            container = buildah("from", "--pull-never", "tried")
            inside = lambda command: buildah("run", "--isolation", "chroot", "--network", "host", container, "sh", "-c", command)
            said = f"cgroup2_exporter, version {image_archive.VERSION}"
            self.assertEqual(inside("cgroup2_exporter --version"), said)
            self.assertEqual(inside("cgroup2_exporter --config.check --config.file=/etc/cgroup2_exporter/config.yaml"), "configuration OK")
            self.assertEqual(inside("test -L /etc/systemd/system/multi-user.target.wants/cgroup2-exporter.service && echo enabled"), "enabled")
            self.assertEqual(inside(f"{by_hand[1]} --version"), said)


if __name__ == "__main__":
    loader = unittest.TestLoader()
    is_trying = "--try" in sys.argv[1:]
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in ([CommandsTest, Try] if is_trying else [CommandsTest]))
    sys.exit(0 if unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful() else 1)
