#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""State files that somebody tampered with, and what reading them costs the exporter.

    state_files.py EXPORTER [--unmeasured]

Starts the exporter on a made-up tree for each kind of file and prints peak memory, the time to the first answer, and what became of the file.
Fails if a file costs too much (unless --unmeasured, for builds with a sanitizer), stops the exporter, or loses counts that were its own.
"""

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

MIB = 1 << 20
BOUND = 4 * MIB  # of what is read
MAX_PEAK_MIB = 40
MAX_SECONDS = 1.0
PATIENCE = 30.0
MAX_RECORDS = 40_000
MAX_OWNERS = 15_000
KILLS = 7  # `forgotten` of every file that is the exporter's own
BOOT_ID = "11111111-2222-3333-4444-555555555555"


def head(root, records, **changes):
    """The first line of a file for the tree whose topmost directory has the inode `root`."""
    values = {"boot_id": BOOT_ID, "constraints": {}, "counted": KILLS, "forgotten": KILLS, "records": records, "root": root, "version": 4, "was_partial": False}
    return json.dumps(values | changes, separators=(",", ":"), sort_keys=True) + "\n"


def ours(root, records):
    return (head(root, len(records)) + "".join(records)).encode()


def full(root):
    """As large as the exporter ever writes one."""
    owners = [f'{{"by_limit":[1,0,0,0],"kills":1,"owner":{{"container":"c{number}","namespace":"n","pod":"pod-{number}"}}}}\n' for number in range(10_000)]
    size = BOUND - len(head(root, MAX_RECORDS)) - sum(map(len, owners))
    baselines = []
    while True:
        line = f'{{"explained":1,"generation":{len(baselines) + 1},"id":{len(baselines) + 1},"oom_kill":1,"parent":1,"total":1}}\n'
        size -= len(line)
        if size < 0 or len(owners) + len(baselines) == MAX_RECORDS:
            return ours(root, owners + baselines)
        baselines.append(line)


def shortest(line, count=MAX_RECORDS):
    """As many of the shortest records as there may be."""
    return lambda root: ours(root, [line.format(number) for number in range(count)])


def repeated(text, size):
    return lambda root: text * (size // len(text))


def after_head(text, size=BOUND - 1):
    """A file that begins as the exporter's own."""
    def content(root):
        begin = head(root, 1).encode()
        return begin + text * ((size - len(begin)) // len(text))
    return content


def deep(levels):
    return lambda root: head(root, 1).encode() + b'{"owner":' + b'{"a":' * levels + b"1" + b"}" * levels + b',"kills":1}\n'


def record(line):
    return lambda root: ours(root, [line + "\n"])


# What is in the file, by kind.
CONTENTS = {
    "64 MiB of zeros": repeated(b"\0", 64 * MIB),
    "60 MB of [": repeated(b"[", 60_000_000),
    "4 MiB - 1 of [": repeated(b"[", BOUND - 1),
    "4 MiB of [ behind the head": after_head(b"["),
    "nested objects": after_head(b'{"a":'),
    "empty arrays": after_head(b"[],"),
    "empty arrays by line": after_head(b"[[],[],[],[]]\n"),
    "numbers": after_head(b"18446744073709551615,"),
    "numbers by line": after_head(b"1\n"),
    "empty lines": after_head(b"\n"),
    "one long string": after_head(b'"' + b"a" * (BOUND // 2)),
    "valid JSON, 10,000 deep": deep(10_000),
    "valid JSON, 5 deep": deep(5),
    "NUL bytes in a line": record('{"kills":1,"owner":{"pod":"a\0"}}'),
    "a huge number": record('{"kills":' + "9" * 60_000 + ',"owner":{"pod":"a"}}'),
    "a huge fraction": record('{"kills":1e999,"owner":{"pod":"a"}}'),
    "a key twice": record('{"kills":1,"kills":2,"owner":{"pod":"a"}}'),
    "a record twice": lambda root: ours(root, ['{"kills":1,"owner":{"pod":"a"}}\n'] * 2),
    "a record too few": lambda root: head(root, 2).encode() + b'{"kills":1,"owner":{"pod":"a"}}\n',
    "invalid UTF-8": lambda root: ours(root, []).replace(BOOT_ID[:4].encode(), b"\xff\xfe\xfd\xfc"),
    "too many records": shortest('{{"id":{}}}\n', MAX_RECORDS + 1),
    "too many owners": shortest('{{"kills":1,"owner":{{"pod":"{}"}}}}\n', MAX_OWNERS + 1),
    "cut in the middle": lambda root: full(root)[: BOUND // 2],
    "another version": lambda root: head(root, 0, version=3).encode(),
    "another boot": lambda root: head(root, 0, boot_id="other").encode(),
    "another hierarchy": lambda root: head(root + 1, 0).encode(),
}


def write(content):
    return lambda path, root: path.write_bytes(content(root))


def unreadable(path, root):
    path.write_bytes(b"unreadable\n")
    path.chmod(0)


def link(path, root):
    target = path.with_name("target")
    target.write_bytes(ours(root, []))
    path.symlink_to(target)


def left_twice(path, root):
    path.with_name(path.name + ".loading-again").write_bytes(ours(root, []))


def left_once(path, root):
    path.with_name(path.name + ".loading").write_bytes(ours(root, []))


# name -> a function that makes the file at a path.
TAMPERED = {name: write(content) for name, content in CONTENTS.items()} | {
    "a FIFO": lambda path, root: os.mkfifo(path),
    "a directory": lambda path, root: (path / "in-it").mkdir(parents=True),
    "a symbolic link": link,
    "no permission": unreadable,
    "what ended two starts": left_twice,
}
OWN = {
    "ours": write(lambda root: ours(root, [])),
    "ours, as large as it gets": write(full),
    "ours, the shortest owners": write(shortest('{{"kills":1,"owner":{{"pod":"{}"}}}}\n', MAX_OWNERS)),
    "ours, the shortest baselines": write(shortest('{{"id":{}}}\n')),
    "ours, the shortest unattributed": write(shortest('{{"kills":0,"unattributed":"{}"}}\n')),
    "ours, left by a start that was killed": left_once,
}


@dataclasses.dataclass(frozen=True)
class Row:
    kind: str
    peak_mib: float
    seconds: float
    kills: int  # `forgotten` as it is shown
    is_aside: bool

    def __str__(self):
        fate = "set aside" if self.is_aside else "kept" if self.kills else "none"
        return f"{self.kind:40} {self.peak_mib:6.1f} MiB {self.seconds:6.2f} s  {fate}"


def command(exporter, root):
    return [exporter, f"--config.file={root}/config.yaml", f"--path.cgroupfs={root}/cgroup", f"--path.procfs={root}/proc", f"--path.sysfs={root}/sys",
            f"--path.rootfs={root}", "--path.kmsg=", "--web.listen-address=127.0.0.1:0", "--log.format=json", f"--oom.state-file={root}/state/oom.json"]


def wait_for_port(process):
    for line in process.stderr:
        event = json.loads(line)
        if event["msg"] == "listening":
            return event["port"]
    raise AssertionError(f"the exporter ended with {process.wait(PATIENCE)}")


def start(exporter, root, kind):
    """Starts the exporter on the tree, asks it for its metrics once and ends it."""
    began = time.monotonic()
    with subprocess.Popen(command(exporter, root), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{wait_for_port(process)}/metrics", timeout=PATIENCE) as response:
                text = response.read().decode()
            seconds = time.monotonic() - began
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        finally:
            process.kill()
    peak = int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)[1]) / 1024
    forgotten = re.search(r"^cgroup_oom_kills_forgotten_total (\d+)$", text, re.MULTILINE)
    return Row(kind, peak, seconds, int(forgotten[1]) if forgotten else 0, os.path.lexists(root / "state/oom.json.old"))


def measure(exporter, kind, make):
    """The row of one kind; `make(path, inode of the topmost cgroup)` makes the file."""
    with tempfile.TemporaryDirectory(prefix="state.") as name:
        root = pathlib.Path(name)
        for file, text in {"proc/meminfo": "MemTotal: 1024 kB\n", "proc/sys/kernel/random/boot_id": BOOT_ID + "\n", "sys/x": "",
                           "cgroup/cgroup.controllers": "memory\n", "cgroup/a/memory.current": "10\n", "config.yaml": f"oom: {{max_owners: {MAX_OWNERS}}}\n", "state/x": ""}.items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text(text)
        make(root / "state/oom.json", (root / "cgroup").stat().st_ino)
        return start(exporter, root, kind)


def faults(row, is_own, is_measured):
    """What is wrong with a row, as sentences."""
    found = []
    if is_own and (row.kills != KILLS or row.is_aside):
        found.append("lost its counts")
    if not is_own and (row.kills != 0 or not row.is_aside):
        found.append("was not set aside")
    if is_measured and row.peak_mib > MAX_PEAK_MIB:
        found.append(f"took more than {MAX_PEAK_MIB} MiB")
    if is_measured and row.seconds > MAX_SECONDS:
        found.append(f"took more than {MAX_SECONDS} s")
    return [f"{row.kind}: {fault}" for fault in found]


def run(exporter, is_measured=True):
    """Prints a row for each kind. Returns the faults."""
    print(measure(exporter, "no file", lambda path, root: None), flush=True)
    found = []
    for kinds, is_own in ((OWN, True), (TAMPERED, False)):
        for kind, make in kinds.items():
            row = measure(exporter, kind, make)
            print(row, flush=True)
            found += faults(row, is_own, is_measured)
    return found


if __name__ == "__main__":
    sys.exit("\n".join(run(sys.argv[1], "--unmeasured" not in sys.argv[2:])) or 0)
