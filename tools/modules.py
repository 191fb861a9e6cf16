#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads which module of src may include what from src/CMakeLists.txt, and writes it to docs/ARCHITECTURE.md.

    modules.py            writes the arrows anew
    modules.py --check    only says whether they are current
"""

import pathlib
import re
import sys
from typing import NamedTuple

TOP = pathlib.Path(__file__).resolve().parent.parent
TABLE = TOP / "src/CMakeLists.txt"
DOCUMENT = TOP / "docs/ARCHITECTURE.md"
BLOCK = re.compile(r"(?<=<!-- Written by scripts/docs from src/CMakeLists\.txt\. -->\n```\n).*?(?=```\n)", re.DOTALL)


class Module(NamedTuple):
    modules: list  # which it may include
    headers: list  # single headers of others
    libraries: list  # CMake targets of libraries whose headers its sources may include


def modules_of(table):
    """The modules in the order of the table, which has each of them after what it includes; `main` is main.cpp."""
    found = {}
    for name, arguments in re.findall(r"^add_module\((\w+)([^)]*)\)", table, re.MULTILINE):
        lists, key = {"MODULES": [], "HEADERS": [], "LIBRARIES": []}, None
        for word in arguments.split():
            if word in lists:
                key = word
            else:
                lists[key].append(word)
        found[name] = Module(lists["MODULES"], lists["HEADERS"], lists["LIBRARIES"])
    (linked,) = re.findall(r"^target_link_libraries\(cgroup2_exporter PRIVATE ([^)]*)\)", table, re.MULTILINE)
    found["main"] = Module([name.removeprefix("module_") for name in linked.split()], [], [])
    return found


def arrows_of(modules):
    width = max(map(len, modules))
    for name, module in reversed(modules.items()):
        targets = ", ".join(module.modules + module.headers)
        yield f"{name:{width}} ─▶ {targets or 'the standard library'}\n"


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit("usage: modules.py [--check]")
    text = DOCUMENT.read_text()
    arrows = "".join(arrows_of(modules_of(TABLE.read_text())))
    wanted, count = BLOCK.subn(lambda _: arrows, text)
    if count != 1:
        sys.exit(f"{DOCUMENT.relative_to(TOP)} has {count} blocks for the arrows, and not one")
    if wanted == text:
        return
    if sys.argv[1:]:
        sys.exit(f"{DOCUMENT.relative_to(TOP)} is not current: scripts/docs")
    DOCUMENT.write_text(wanted)


if __name__ == "__main__":
    main()
