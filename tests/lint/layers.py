#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails for an #include that is not an arrow of the house (docs/ARCHITECTURE.md), or that shows a library in a header."""

import pathlib
import re
import sys

# The rooms, and single headers, that a room may include.
ARROWS = {
    "main": {"app", "config"},
    "app": {"config", "http", "status", "exposition", "snapshot", "oom", "identity", "cgroup", "catalog", "base"},
    "http": {"base"},
    "exposition": {"snapshot", "identity", "oom/ledger_content.h", "cgroup", "catalog", "base"},
    "status": {"exposition", "snapshot", "identity", "oom/ledger_content.h", "cgroup", "catalog", "base"},
    "snapshot": {"cgroup", "identity", "oom", "catalog", "base"},
    "oom": {"base"},
    "cgroup": {"catalog", "base"},
    "config": {"catalog", "base"},
    "identity": {"base"},
    "catalog": set(),
    "base": set(),
}

# Which room wraps which library.
LIBRARIES = {
    "civetweb": "http",
    "zlib": "http",
    "yaml-cpp": "config",
    "CLI": "config",
    "re2": "config oom",
    "nlohmann": "identity oom",
    "spdlog": "app",
    "fmt": "app",
    "prometheus": "app",
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def faults_of(path: pathlib.Path, source: pathlib.Path):
    room = path.relative_to(source).parts[0] if path.parent != source else "main"
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        place = f"{path.relative_to(source.parent)}:{number}"
        quote, name = match.groups()
        first = re.split(r"[/.]", name)[0]
        if quote == '"':
            if name == "version.h" or first == room:
                continue
            if ARROWS[room].isdisjoint({first, name}):
                yield f'{place}: {room} may not include "{name}"'
        elif first in LIBRARIES:
            if room not in LIBRARIES[first].split():
                yield f"{place}: <{name}> belongs to room {LIBRARIES[first]}"
            if path.suffix == ".h":
                yield f"{place}: <{name}> in a header"


def main() -> int:
    source = pathlib.Path(sys.argv[1]).resolve()
    files = sorted(source.rglob("*.h")) + sorted(source.rglob("*.cpp"))
    faults = [fault for path in files for fault in faults_of(path, source)]
    print("\n".join(faults) or f"{len(files)} files keep to the arrows")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
