#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails for a link in a Markdown file to a file or a heading that does not exist. Links to other hosts are not followed.

    links.py TOP
"""

import os
import pathlib
import re
import sys
from urllib.parse import unquote

SKIPPED = {".git", "build", "node_modules", "third_party"}
FENCE = re.compile(r"^( *)(```|~~~).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
INLINE = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
DEFINITION = re.compile(r"^ {0,3}\[([^\]]+)\]:\s*<?([^\s>]+)", re.MULTILINE)
REFERENCE = re.compile(r"\]\[([^\]]+)\]")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$", re.MULTILINE)
TARGET = re.compile(r"\]\([^)]*\)|\]\[[^\]]*\]")


def pages(top):
    for directory, below, names in os.walk(top):
        below[:] = sorted(set(below) - SKIPPED)
        yield from (pathlib.Path(directory, name) for name in sorted(names) if name.endswith(".md"))


def anchors(text):
    """The names that GitHub gives to the headings of a page."""
    seen = {}
    for heading in HEADING.findall(FENCE.sub("", text)):
        name = re.sub(r"[^\w\- ]", "", TARGET.sub("]", heading).lower()).replace(" ", "-")
        count = seen.get(name, 0)
        seen[name] = count + 1
        yield f"{name}-{count}" if count else name


def links(text):
    """The targets of the links outside of code, and the references without a definition."""
    text = CODE.sub("", FENCE.sub("", text))
    definitions = {name.lower(): target for name, target in DEFINITION.findall(text)}
    undefined = {name for name in REFERENCE.findall(text) if name.lower() not in definitions}
    return [*INLINE.findall(text), *definitions.values()], sorted(undefined)


def fault_of(target, page, top):
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    name, _, anchor = unquote(target).partition("#")
    found = (page.parent / name).resolve() if name else page
    if not found.is_relative_to(top):
        return "leads out of the repository"
    if not found.exists():
        return "does not exist"
    if anchor and (found.suffix != ".md" or anchor not in anchors(found.read_text())):
        return "has no such heading"
    return None


def faults(top):
    for page in pages(top):
        where = page.relative_to(top)
        targets, undefined = links(page.read_text())
        yield from (f"{where}: [{name}] is not defined" for name in undefined)
        for target in targets:
            fault = fault_of(target, page, top)
            if fault:
                yield f"{where}: {target} {fault}"


def main() -> int:
    top = pathlib.Path(sys.argv[1]).resolve()
    count = len(list(pages(top)))
    found = list(faults(top)) if count else [f"{top} has no Markdown file"]
    print("\n".join(found) or f"the links of {count} pages lead somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
