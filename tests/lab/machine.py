# SPDX-License-Identifier: Apache-2.0
"""A virtual machine with a real kernel, the exporter, and a control server that runs shell scripts inside."""

import dataclasses
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent.parent / "build/lab/kernels"
# Two memory nodes, so that what the kernel tells by node has more than one.
NODES = [word for node, cpus in enumerate(("0-1", "2")) for word in (
    "-object", f"memory-backend-ram,id=ram{node},size=384M", "-numa", f"node,nodeid={node},memdev=ram{node},cpus={cpus}")]
# By architecture: what QEMU is asked for, and the console.
# QEMU 7.2 emulates cmpxchg16b so that flags are sometimes garbage; 6.12's allocator uses it and crashed in every second boot.
# Neoverse N1 is a CPU of clouds, and has pages of 4, 16 and 64 KiB and no signed pointers, which are slow to emulate.
HARDWARE = {
    "amd64": (("qemu-system-x86_64", "-cpu", "max,cx16=off"), "ttyS0"),
    "arm64": (("qemu-system-aarch64", "-machine", "virt", "-cpu", "neoverse-n1"), "ttyAMA0"),
}


@dataclasses.dataclass(frozen=True)
class Image:
    """What a machine boots."""

    builder: pathlib.Path  # BUILDER KERNEL BINARY INITRD packs the initrd
    hardware: tuple  # for QEMU
    disk: pathlib.Path | None = None  # an empty one if none is given
    disk_bytes: int = 64 << 20  # of the empty one
    append: str = ""  # to the kernel's command line
    patience: int = 90  # seconds until it must be ready
    ports: tuple = ()  # more of those inside that the host reaches


LAB = Image(HERE / "image.sh", ("-smp", "3", "-m", "768M", *NODES))


def free_ports(count):
    """Ports of the loopback interface that nobody listens on at this moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def stop(process):
    """Ends a child that we started and waits for it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def build_image(kernel, binary, directory, image=LAB):
    """Packs the initrd and, if the image has no disk, an empty one into `directory`."""
    subprocess.run([image.builder, kernel, binary, directory / "initrd"], check=True)
    if not image.disk:
        with open(directory / "disk", "wb") as disk:
            disk.truncate(image.disk_bytes)


def qemu_command(kernel, directory, forwards, append="", console="stdio", image=LAB):
    """The machine as a command; `forwards` are pairs of a host address and a port inside. An image's disk stays as it is."""
    command, terminal = HARDWARE["arm64" if "-arm64" in kernel else "amd64"]
    disk = f"{image.disk},snapshot=on" if image.disk else f"{directory}/disk"
    rules = "".join(f",hostfwd=tcp:{host}-:{port}" for host, port in forwards)
    return [
        *command, "-accel", "tcg,thread=multi", *image.hardware,
        "-kernel", str(KERNELS / kernel / "vmlinuz"), "-initrd", str(directory / "initrd"),
        "-append", f"console={terminal} quiet loglevel=4 panic=-1 {image.append} {append}",
        "-display", "none", "-nodefaults", "-no-reboot", "-serial", console,
        "-drive", f"file={disk},format=raw,if=virtio", "-nic", "user,model=virtio" + rules,
    ]


class Machine:
    """Booted on entry of the `with` block, gone after it; never older than `lifetime` seconds. `version` is the kernel's, without the architecture."""

    def __init__(self, kernel, binary, directory, lifetime=240, image=LAB):
        self.version = kernel.partition("-")[0]
        self.console = directory / "console"
        self._kernel = kernel
        self._directory = directory
        self._lifetime = lifetime
        self._image = image
        self._process = None
        build_image(kernel, binary, directory, image)

    def __enter__(self):
        started = time.monotonic()
        for _ in range(3):  # a port that was free may be taken when QEMU wants it
            self._boot()
            if self._wait_until_ready():
                self.boot_seconds = time.monotonic() - started
                return self
            self.__exit__()
        sys.exit(f"the machine did not start:\n{self.console.read_text(errors='replace')}")

    def __exit__(self, *_):
        stop(self._process)

    def _boot(self):
        self.ports = dict(zip((9306, 8080, *self._image.ports), free_ports(2 + len(self._image.ports))))  # inside -> on the host
        self.metrics_port, self._control_port = self.ports[9306], self.ports[8080]
        forwards = [(f"127.0.0.1:{outside}", inside) for inside, outside in self.ports.items()]
        command = qemu_command(self._kernel, self._directory, forwards, image=self._image)
        with open(self.console, "wb") as console:
            self._process = subprocess.Popen(["timeout", str(self._lifetime), *command], stdin=subprocess.DEVNULL,
                                             stdout=console, stderr=subprocess.STDOUT)

    def _wait_until_ready(self):
        deadline = time.monotonic() + self._image.patience
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if self._control(b"test -e /run/ready", timeout=5)[1] == 0:
                    return True
            except OSError:
                pass
            time.sleep(0.5)
        return False

    def _control(self, script, timeout):
        url = f"http://127.0.0.1:{self._control_port}/cgi-bin/sh"
        with urllib.request.urlopen(urllib.request.Request(url, data=script), timeout=timeout) as response:
            output, _, status = response.read().rpartition(b"\n")
        return output, int(status)

    def sh(self, script, timeout=60):
        """Runs a shell script inside, which must succeed; returns its output (stderr too) as bytes."""
        output, status = self._control(script if isinstance(script, bytes) else script.encode(), timeout)
        if status != 0:
            raise AssertionError(f"{script!r} ended with {status}: {output.decode(errors='replace')}")
        return output

    def text(self, script, timeout=60):
        return self.sh(script, timeout).decode().strip()

    def number(self, path):
        """A cgroup file with a single value."""
        return int(self.text(f"cat '/sys/fs/cgroup{path}'"))

    def keyed(self, path):
        """A flat keyed cgroup file, as memory.events."""
        lines = self.text(f"cat '/sys/fs/cgroup{path}'").splitlines()
        return {key: int(value) for key, value in (line.split() for line in lines)}

    def fetch(self, path="/metrics"):
        """The body that the exporter answers with."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}{path}", timeout=10) as response:
            return response.read()
