#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the table of cAdvisor's families in docs/cadvisor.md from the list that the tests hold against the code.

    cadvisor_doc.py            writes the table anew
    cadvisor_doc.py --check    only says whether it is current
"""

import csv
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
LIST = TOP / "tests/cadvisor/families.tsv"
DOCUMENT = TOP / "docs/cadvisor.md"
BLOCK = re.compile(r"(?<=<!-- Written by scripts/docs from tests/cadvisor/families\.tsv\. -->\n\n).*\Z", re.DOTALL)
ON_ALL = {"container", "id", "image", "name", "namespace", "pod", "machine_id", "system_uuid", "boot_id"}
HEAD = "| family | type | more labels | served | note |\n|---|---|---|---|---|\n"


def table():
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            labels = ", ".join(f"`{label}`" for label in row["labels"].split(",") if label and label not in ON_ALL)
            served = "no" if row["status"] == "excepted" else "yes"
            yield f"| `{row['name']}` | {row['type']} | {labels} | {served} | {row['reason']} |\n"


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit("usage: cadvisor_doc.py [--check]")
    text = DOCUMENT.read_text()
    wanted, count = BLOCK.subn(lambda _: HEAD + "".join(table()), text)
    if count != 1:
        sys.exit(f"{DOCUMENT.relative_to(TOP)} has {count} blocks for the table, and not one")
    if wanted == text:
        return
    if sys.argv[1:]:
        sys.exit(f"{DOCUMENT.relative_to(TOP)} is not current: scripts/docs")
    DOCUMENT.write_text(wanted)


if __name__ == "__main__":
    main()
