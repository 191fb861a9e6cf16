# SPDX-License-Identifier: Apache-2.0
"""A root of this host's distribution, for packages to be installed in. Nothing of it touches the host."""

import os
import pathlib
import re
import subprocess

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


def make_deb(build, directory):
    run("cpack", "-G", "DEB", "--config", build / "CPackConfig.cmake", "-B", directory)
    (package,) = directory.glob("*.deb")
    return package


def field(deb, name):
    return run("dpkg-deb", "-f", deb, name).strip()


class PackageRoot:
    """Below `directory`, with what this Debian package needs, man and rpm; remove() is to be called before the directory is removed."""

    def __init__(self, directory, deb):
        needed = {re.split(r"[ |]", name.strip())[0] for name in field(deb, "Depends").split(",")}
        tar = subprocess.run([TOP / "tests/deploy/root.sh", *sorted({*needed, "man-db", "rpm"})], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        self.path = pathlib.Path(directory) / "root"
        self.path.mkdir()
        run(*AS_ROOT, "tar", "-xf", tar, "-C", self.path)

    def remove(self):
        run(*AS_ROOT, "rm", "-rf", self.path)

    def inside(self, script, check=True):
        """Runs a shell script in the root, with processes and mounts of its own that end with it."""
        return run(*AS_ROOT, "unshare", "--mount", "--pid", "--fork", "--uts", "sh", "-c",
                   'mount -t proc proc "$1/proc" && exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 '
                   'DEBIAN_FRONTEND=noninteractive sh -ec "$2"', "sh", self.path, script, check=check)

    def take(self, *packages):
        """Copies package files into the root; returns their paths there."""
        for package in packages:
            run(*AS_ROOT, "cp", package, self.path / "root/")
        return " ".join(f"/root/{package.name}" for package in packages)

    def exists(self, path):
        return self.inside(f"[ -e /{path} ] || [ -L /{path} ] && echo yes || echo no").strip() == "yes"

    def write_config(self, text):
        self.inside(f"cat >/{CONFIG} <<'END'\n{text}END")

    def config(self):
        return self.inside(f"cat /{CONFIG}")
