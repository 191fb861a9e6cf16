# SPDX-License-Identifier: Apache-2.0
"""A made-up host whose files move: counters grow, memory comes and goes, pods start and end, processes are killed for memory.

The files are those of a recorded container. Values that move have a fixed width and are written through a mapping: the kernel reports no change of a
counter, and inotify none of a mapping. Kills are written, because the kernel does report those.
"""

import contextlib
import dataclasses
import hashlib
import mmap
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TESTS / "abuse"))

import names  # noqa: E402

RECORDED = TESTS / "golden/linux-6.12-containers"
MIB = 1 << 20
LIMIT = 256 * MIB
WIDTH = 15  # digits of a value that moves
NAMESPACES = ("shop", "mail", "search", "media")
# Kubernetes makes no hash with other letters, by which a pod's workload is told.
LETTERS = "bcdfghjklmnpqrstvwxz2456789"
PEAK_RATE = 64  # bytes that the highest use of what is not idle grows by in a second: of regular files it is known while it grows
NET_DEV = (
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
    "  eth0: 1006532    9120    0    0    0     0          0         0   936211    8713    0    0    0     0       0          0\n")
FIRST_INODE = 4026531834  # of the host's namespaces
CPU, MEMORY, PEAK, STAT, IO, PIDS = "cpu.stat", "memory.current", "memory.peak", "memory.stat", "io.stat", "pids.current"
EVENTS, LOCAL = "memory.events", "memory.events.local"

# What may move, by file. "" is the whole file.
MOVING = {
    CPU: ("usage_usec", "user_usec", "system_usec", "nr_periods", "nr_throttled", "throttled_usec"),
    MEMORY: ("",),
    PEAK: ("",),
    STAT: ("anon", "file", "active_anon", "inactive_file", "active_file", "workingset_refault_file", "pgfault", "pgmajfault"),
    IO: ("rbytes", "wbytes", "rios", "wios"),
    PIDS: ("",),
    "cpu.pressure": ("some", "full"),
    "memory.pressure": ("some", "full"),
    "io.pressure": ("some", "full"),
    EVENTS: ("high", "max", "oom", "oom_kill"),
    LOCAL: ("high", "max", "oom", "oom_kill"),
}


@dataclasses.dataclass(frozen=True)
class Role:
    """What a cgroup does: the limits that it has, where its values start, and by how much they grow in a second."""

    limits: dict = dataclasses.field(default_factory=dict)
    anon: float = 0.2  # of LIMIT
    cache: float = 0.1  # of LIMIT
    peak: float = 0.0  # of LIMIT, the highest use so far, if that is more than it has
    grows: float = 0.0  # of LIMIT, in a second
    sways: float = 0.0  # of LIMIT, up and down
    rates: dict = dataclasses.field(default_factory=dict)
    tasks: int = 5


def cpu_rates(cores, waiting=0.0):
    return {(CPU, "usage_usec"): 1e6 * cores, (CPU, "user_usec"): 8e5 * cores, (CPU, "system_usec"): 2e5 * cores, ("cpu.pressure", "some"): 1e6 * waiting}


BUSY = cpu_rates(0.3, 0.02) | {
    (STAT, "pgfault"): 900, (STAT, "pgmajfault"): 0.2, (STAT, "workingset_refault_file"): 15, (IO, "rbytes"): 2e5, (IO, "wbytes"): 8e5, (IO, "rios"): 10,
    (IO, "wios"): 40, ("memory.pressure", "some"): 3e3, ("io.pressure", "some"): 2e4, ("io.pressure", "full"): 1e4}
MAX = {"memory.max": LIMIT}
ROLES = {
    "idle": Role(),
    "calm": Role(rates=cpu_rates(0.01) | {(STAT, "pgfault"): 3}, sways=0.002),
    "busy": Role(MAX | {"cpu.max": "200000 100000"}, peak=0.5, sways=0.02, rates=BUSY | {(CPU, "nr_periods"): 10}),
    # These raise an alert each.
    "near its limit": Role(MAX, anon=0.965, cache=0.01, rates=cpu_rates(0.1) | {(LOCAL, "max"): 2, (EVENTS, "max"): 2}),
    "filling": Role(MAX, anon=0.55, grows=0.4 / 3000, rates=cpu_rates(0.1)),
    "above high": Role({"memory.high": LIMIT // 4}, anon=0.3, rates=cpu_rates(0.1) | {("memory.pressure", "some"): 4e5, (LOCAL, "high"): 5, (EVENTS, "high"): 5}),
    "thrashing": Role(MAX, rates=BUSY | {("memory.pressure", "some"): 5e5, ("memory.pressure", "full"): 3e5, (STAT, "workingset_refault_file"): 4000}),
    "throttled": Role({"cpu.max": "50000 100000"}, rates=cpu_rates(0.5, 0.6) | {(CPU, "throttled_usec"): 6e5, (CPU, "nr_periods"): 10, (CPU, "nr_throttled"): 7}),
    "spiking": Role(MAX, peak=0.93, rates=cpu_rates(0.1)),
    "forking": Role({"pids.max": 100}, tasks=97, rates=cpu_rates(0.1)),
    "stalled on I/O": Role(rates=cpu_rates(0.1) | {("io.pressure", "some"): 8e5, ("io.pressure", "full"): 7e5, (IO, "rbytes"): 5e6, (IO, "rios"): 500}),
}
ALARMING = tuple(ROLES)[3:]
# Of ten containers. How many of a real host's move is not known: docs/scale.md says how many of these series do.
USUAL = ("idle",) * 4 + ("calm",) * 4 + ("busy",) * 2


def pattern(file, key):
    """Where the value of a key stands in its file."""
    if not key:
        return re.compile(r"\A(\d+)")
    if file.endswith(".pressure"):
        return re.compile(rf"^{key} .*total=(\d+)", re.MULTILINE)
    return re.compile(rf"\b{key}=(\d+)" if file == IO else rf"^{key} (\d+)", re.MULTILINE)


def layout(file, text):
    """(text in which what may move is 0 in its full width, place of each key)."""
    for key in MOVING[file]:
        match = pattern(file, key).search(text)
        text = text[:match.start(1)] + "0" * WIDTH + text[match.end(1):]
    return text.encode(), {key: pattern(file, key).search(text).start(1) for key in MOVING[file]}


class Cgroup:
    """A directory with its files, and the values in it that move."""

    def __init__(self, path, layouts, links, role, pid):
        self.path, self.role = path, role
        self.values = {}
        self._layouts, self._maps = layouts, {}
        path.mkdir(parents=True)
        for link in links:
            os.link(link, path / link.name)
        self._fill(pid)

    def _fill(self, pid):
        role, mapped = self.role, {file for file, _ in self.role.rates}
        if role.grows or role.sways:
            mapped |= {MEMORY, STAT}
        if role.rates:
            mapped |= {PEAK}
        self.values |= {(PIDS, ""): role.tasks, (PEAK, ""): max(role.peak, role.anon + role.cache) * LIMIT} | self.memory(role.anon) | {moving: 1e6 + 1e5 * rate for moving, rate in role.rates.items()}
        for file, (text, places) in self._layouts.items():
            data = bytearray(text)
            for key, place in places.items():
                data[place:place + WIDTH] = b"%015d" % self.values.get((file, key), 0)
            with open(self.path / file, "w+b") as stream:
                stream.write(data)
                stream.flush()
                if file in mapped:
                    self._maps[file] = mmap.mmap(stream.fileno(), len(data))
        for file, limit in role.limits.items():
            (self.path / file).unlink()
            (self.path / file).write_text(f"{limit}\n")
        (self.path / "cgroup.procs").write_text(f"{pid}\n")

    def memory(self, anon):
        """The values that say how much memory it has, of which `anon` of LIMIT cannot be reclaimed."""
        heap, cache = anon * LIMIT, self.role.cache * LIMIT
        return {(MEMORY, ""): heap + cache, (STAT, "anon"): heap, (STAT, "active_anon"): heap, (STAT, "file"): cache, (STAT, "inactive_file"): cache / 2,
                (STAT, "active_file"): cache / 2}

    def set(self, file, key, value):
        self.values[file, key] = value
        if file in self._maps:
            place = self._layouts[file][1][key]
            self._maps[file][place:place + WIDTH] = b"%015d" % value

    def move(self, seconds, age, is_steady):
        """What `seconds` more do, of `age` in all. Steady: by the same each time."""
        for (file, key), rate in self.role.rates.items():
            noise = 1 if is_steady else 0.5 + random.random()
            self.set(file, key, self.values[file, key] + rate * seconds * noise)
        if self.role.grows or (self.role.sways and not is_steady):
            anon = self.role.anon + self.role.grows * age + self.role.sways * random.uniform(-1, 1)
            for (file, key), value in self.memory(anon).items():
                self.set(file, key, value)
        if self.role.rates:
            self.set(PEAK, "", max(self.values[PEAK, ""] + PEAK_RATE * seconds, self.values[MEMORY, ""]))

    def add_kill(self, file):
        """One more in a file of events, with a write, which inotify reports."""
        text, places = self._layouts[file]
        data = bytearray(text)
        for key in ("oom", "oom_kill"):
            self.values[file, key] = self.values.get((file, key), 0) + 1
        for key, place in places.items():
            data[place:place + WIDTH] = b"%015d" % self.values.get((file, key), 0)
        with open(self.path / file, "r+b") as stream:
            stream.write(data)

    def remove(self):
        for mapping in self._maps.values():
            mapping.close()
        shutil.rmtree(self.path)


@dataclasses.dataclass
class Pod:
    namespace: str
    name: str
    role: str
    cgroups: list  # its own, and those of its containers
    links: list


class Node:
    """The host: as many pods of two containers as make three fifths of `count` cgroups, and services."""

    def __init__(self, name, count, alarming=(), has_names=True, seed=0):
        self.name = name
        self._random = random.Random(f"{name} {seed}")
        self._directory = tempfile.TemporaryDirectory(prefix="scale.")
        self.root = pathlib.Path(self._directory.name)
        self.cgroups = self.root / "cgroup"
        self.has_names, self._pid, self._pods_made, self.age = has_names, 1, 0, 0.0
        self.kills = 0
        self._make_templates()
        self._make_root()
        self.tree, self.pods = {}, []  # path -> Cgroup
        self._make("kubepods.slice", "busy"), self._make("kubepods.slice/kubepods-burstable.slice", "busy"), self._make("system.slice", "calm")
        pods = max(len(alarming), round(count * 0.6 / 3))
        for number in range(pods):
            self.start(alarming[number] if number < len(alarming) else USUAL[number % len(USUAL)])
        for number in range(count - 3 * pods - 3):
            self._make(f"system.slice/service-{number:03}.service", "calm" if number % 2 else "idle")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._directory.cleanup()

    def _make_templates(self):
        source = next(RECORDED.glob("sys/fs/cgroup/kubepods/burstable/pod*/*/memory.stat")).parent
        self._layouts = {file: layout(file, (source / file).read_text()) for file in MOVING}
        (self.root / "template").mkdir()
        self._links = []
        for path in sorted(source.iterdir()):
            if path.name not in MOVING and path.name != "cgroup.procs" and path.is_file():
                self._links.append(self.root / "template" / path.name)
                shutil.copy(path, self._links[-1])
        for file in ("memory.max", "memory.high", "pids.max"):
            (self.root / "template" / file).write_text("max\n")
        (self.root / "template/cpu.max").write_text("max 100000\n")

    def _make_root(self):
        source = RECORDED / "sys/fs/cgroup"
        self.cgroups.mkdir()
        for path in source.iterdir():
            if path.is_file():
                shutil.copy(path, self.cgroups)
        (self.cgroups / "cgroup.procs").write_text("1\n")
        (self.root / "sys").mkdir()
        self._write("proc/meminfo", (RECORDED / "proc/meminfo").read_text())
        self._write("proc/stat", "cpu  1 0 1 1 1 0 0 0 0 0\nbtime 1700000000\n")
        for resource in ("cpu", "memory", "io"):
            self._write(f"proc/pressure/{resource}", "some avg10=0.00 avg60=0.00 avg300=0.00 total=10000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9000\n")
        self._write("proc/vmstat", "nr_free_pages 100\noom_kill 0\n")
        self._write("dev", NET_DEV)
        self._make_process(1, 0)

    def _write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "r+b" if path.exists() else "wb") as stream:
            stream.write(text.encode())

    def _make_process(self, pid, network):
        """A process in the host's namespaces, or in a pod's network and in namespaces of its own."""
        process = self.root / f"proc/{pid}"
        (process / "net").mkdir(parents=True)
        (process / "ns").mkdir()
        os.link(self.root / "dev", process / "net/dev")
        for number, kind in enumerate(("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts")):
            own = {"cgroup": pid << 4, "mnt": pid << 4, "pid": pid << 4, "net": network << 24, "ipc": network << 24, "uts": network << 24}.get(kind, 0)
            (process / "ns" / kind).symlink_to(f"{kind}:[{FIRST_INODE + number + (own if network else 0)}]")

    def _make(self, path, role, network=0):
        self._pid += 1
        self._make_process(self._pid, network)
        self.tree[path] = Cgroup(self.cgroups / path, self._layouts, self._links, ROLES[role], self._pid)
        return path

    def start(self, role):
        """A pod of a Deployment: the namespace and the workload that all hosts share, and a name of its own."""
        self._pods_made += 1
        paths = ["/".join(path) for path in names.pod(f"{self.name} {self._pods_made}", 2)]
        namespace = NAMESPACES[self._pods_made % len(NAMESPACES)]
        letters = lambda count: "".join(self._random.choices(LETTERS, k=count))
        pod = Pod(namespace, f"{role.replace(' ', '-').replace('/', '').lower()}-56789bcdf5-{letters(5)}", role, [], [])
        pod.cgroups.append(self._make(paths[0], "idle" if role == "idle" else "calm"))
        for container, path in zip(("app", "sidecar"), paths[1:]):
            if self.has_names:
                pod.links.append(self._link(pod, container, path))
            pod.cgroups.append(self._make(path, role if container == "app" else "calm" if role != "idle" else "idle", self._pods_made))
        self.pods.append(pod)
        return pod

    def _link(self, pod, container, path):
        identity = path.rsplit("-", 1)[1].removesuffix(".scope")
        uid = re.search(r"-pod([0-9a-f_]+)\.slice", path)[1].replace("_", "-")
        link = self.root / f"var/log/containers/{pod.name}_{pod.namespace}_{container}-{identity}.log"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"/var/log/pods/{pod.namespace}_{pod.name}_{uid}/{container}/0.log")
        return link

    def kill(self, pod, container=0):
        """A process of a container, as the kernel counts it: in the cgroup, in those above it and in all."""
        self.kills += 1
        path = pod.cgroups[1 + container]
        self.tree[path].add_kill(LOCAL)
        while path:
            self.tree[path].add_kill(EVENTS)
            path = path.rpartition("/")[0]
        self._write("proc/vmstat", f"nr_free_pages 100\noom_kill {self.kills:08}\n")

    def end(self, pod):
        self.pods.remove(pod)
        for path in reversed(pod.cgroups):
            self.tree.pop(path).remove()
        for link in pod.links:
            link.unlink()

    def restart(self, pod=None, is_killed=False):
        """A pod that is usual, or this one, ends and another of its workload begins."""
        pod = pod or self._random.choice([each for each in self.pods if each.role in USUAL])
        if is_killed:
            self.kill(pod)
        self.end(pod)
        return self.start(pod.role)

    def restart_container(self, pod):
        """The first container of a pod is killed for its memory, and another one of its name begins."""
        self.kill(pod)
        old = pod.cgroups[1]
        self.tree.pop(old).remove()
        pod.links.pop(0).unlink()
        identity = hashlib.sha256(old.encode()).hexdigest()
        pod.cgroups[1] = self._make(f"{pod.cgroups[0]}/cri-containerd-{identity}.scope", pod.role, self._pods_made)
        pod.links.insert(0, self._link(pod, "app", pod.cgroups[1]))

    def move(self, seconds, is_steady=False):
        self.age += seconds
        for cgroup in list(self.tree.values()):
            cgroup.move(seconds, self.age, is_steady)


@contextlib.contextmanager
def running(binary, node, *flags):
    """An exporter that serves a node."""
    with names.Exporter(binary, node, "--cgroup.max-count=2000", *flags) as exporter:
        yield exporter
