#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user's long and unprintable cgroup names cost: memory of the exporter, and size of its text.

    names.py EXPORTER [COUNT]

Makes two hosts of COUNT cgroups (2,000; ctest takes fewer), one with the ordinary names of Kubernetes and one whose user nested 15 levels
of 250 control characters, and asks the exporter for 4 scrapes and 44 status pages at once. Fails if a figure is above its bound.
"""

import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

PATIENCE = 120.0  # seconds
RECORDED = pathlib.Path(__file__).resolve().parent.parent / "golden/linux-6.12-containers/sys/fs/cgroup"
TEMPLATE = next(RECORDED.glob("kubepods/burstable/pod*/*/memory.stat")).parent
SCRAPES, PAGES = 4, 44
MAX_RESIDENT_MIB, MAX_TEXT_RATIO = 96, 4


class Host:
    """A made-up hierarchy, whose cgroups have the files of a recorded one."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.directory.name)
        self.cgroups = self.root / "cgroup"
        for name in ("cgroup", "proc", "sys"):
            (self.root / name).mkdir()
        (self.root / "proc/meminfo").write_text("MemTotal: 1048576 kB\n")
        (self.root / "proc/vmstat").write_text("oom_kill 0\n")
        shutil.copytree(TEMPLATE, self.root / "template", ignore=lambda path, names: [name for name in names if os.path.isdir(f"{path}/{name}")])
        self.files = [entry.path for entry in os.scandir(self.root / "template")]
        self.fill(os.open(self.cgroups, os.O_RDONLY))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["rm", "-rf", "--", self.root], check=True)  # paths that are longer than PATH_MAX

    def fill(self, descriptor):
        for file in self.files:
            os.link(file, os.path.basename(file), dst_dir_fd=descriptor)
        os.close(descriptor)

    def make(self, *path):
        """Makes a cgroup and those above it. Each component is bytes or text."""
        at = os.open(self.cgroups, os.O_RDONLY)
        for name in path:
            try:
                os.mkdir(name, dir_fd=at)
                self.fill(os.open(name, os.O_RDONLY, dir_fd=at))
            except FileExistsError:
                pass
            below = os.open(name, os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = below
        os.close(at)


def pod(number, containers):
    """The paths of a pod and of its containers, as containerd and the kubelet's systemd driver make them."""
    digest = hashlib.sha256(f"pod {number}".encode()).hexdigest()
    uid = "_".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    slices = ("kubepods.slice", "kubepods-burstable.slice", f"kubepods-burstable-pod{uid}.slice")
    ids = (hashlib.sha256(f"container {number} {each}".encode()).hexdigest() for each in range(containers))
    return [slices, *((*slices, f"cri-containerd-{each}.scope") for each in ids)]


def make_friendly(host, count):
    for number in range(count // 4):
        for path in pod(number, 3):
            host.make(*path)


def make_hostile(host, count):
    levels = [b"\x01" * 250] * 14
    for number in range(count):
        host.make("user.slice", "user-1000.slice", *levels, f"{number:04}".encode() + b"\x02" * 246)


class Exporter:
    """The exporter, serving a host on a free port."""

    def __init__(self, binary, host, *flags):
        command = [binary, f"--path.cgroupfs={host.cgroups}", f"--path.procfs={host.root}/proc", f"--path.sysfs={host.root}/sys",
                   f"--path.rootfs={host.root}", "--path.kmsg=", f"--oom.state-file={host.root}/oom.json", "--web.listen-address=127.0.0.1:0",
                   "--poll.min-interval=0s", "--log.format=json", *flags]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.log = []
        is_listening = threading.Event()

        def read():
            for line in self.process.stderr:
                self.log.append(json.loads(line))
                if self.log[-1]["msg"] == "listening":
                    is_listening.set()
            is_listening.set()

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        is_listening.wait(PATIENCE)
        self.port = int(next(line["port"] for line in self.log if line["msg"] == "listening"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stderr.close()

    def ask(self, path, **headers):
        """The status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def size(self, path, client=1):
        """The status and the size of the body, which is not kept. Each client has an address of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE, source_address=(f"127.0.1.{client}", 0))
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            size = 0
            while part := response.read(1 << 16):
                size += len(part)
            return response.status, size
        finally:
            connection.close()

    def peak_resident_mib(self):
        return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) / 1024


def measure(binary, make, count):
    """Peak RSS in MiB and bytes of plain text."""
    with Host() as host:
        make(host, count)
        with Exporter(binary, host) as exporter:
            status, text = exporter.size("/metrics")
            assert status == 200, status
            with concurrent.futures.ThreadPoolExecutor(SCRAPES + PAGES) as pool:
                asked = ["/metrics"] * SCRAPES + ["/?by=all", "/?view=tree"] * (PAGES // 2)
                statuses = [status for status, _ in pool.map(exporter.size, asked, range(1, len(asked) + 1))]
            assert statuses[:SCRAPES] == [200] * SCRAPES, statuses
            assert set(statuses[SCRAPES:]) <= {200, 503}, statuses
            return exporter.peak_resident_mib(), text


def main(binary, count):
    friendly = measure(binary, make_friendly, count)
    hostile = measure(binary, make_hostile, count)
    print(f"| names of {count} cgroups | peak RSS | plain text |\n|---|---|---|")
    for name, (resident, text) in (("friendly", friendly), ("hostile", hostile)):
        print(f"| {name} | {resident:.1f} MiB | {text / 1e6:.1f} MB |")
    assert hostile[1] <= MAX_TEXT_RATIO * friendly[1], "text"
    # A sanitizer keeps what was freed.
    if not re.search(rb"__[at]san_init", pathlib.Path(binary).read_bytes()):
        assert hostile[0] <= MAX_RESIDENT_MIB, "resident memory"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2_000)
