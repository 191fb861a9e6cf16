#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails for a README that is too long, and for a line of README or of docs that is too wide.

    prose.py TOP
"""

import pathlib
import sys

MAX_LINES_OF_README = 150
MAX_COLUMNS = 120
WIDE = {
    "docs/METRICS.md": "generated",
    "docs/cadvisor.md": "its table is generated",
    "docs/scale.md": "scripts/scale prints its tables",
    "docs/metrics-choice.md": "a row of its table names several metrics",
}


def faults(top):
    readme = top / "README.md"
    count = len(readme.read_text().splitlines())
    if count > MAX_LINES_OF_README:
        yield f"README.md: {count} lines, more than {MAX_LINES_OF_README}"
    for page in [readme, *sorted((top / "docs").rglob("*.md"))]:
        name = str(page.relative_to(top))
        wide = [(number, len(line)) for number, line in enumerate(page.read_text().splitlines(), 1) if len(line) > MAX_COLUMNS]
        if name not in WIDE:
            yield from (f"{name}:{number}: {columns} columns, more than {MAX_COLUMNS}" for number, columns in wide)
        elif not wide:
            yield f"{name}: an exception that is not needed (WIDE in tests/lint/prose.py)"


def main() -> int:
    found = list(faults(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "README is short and no line is too wide")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
