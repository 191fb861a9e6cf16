#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails for a file, a function or a line of src that is too long, a name that two types of src have, a source without its unit test,
and a unit test without its source.

    shape.py TOP
"""

import json
import pathlib
import shutil
import subprocess
import sys
from typing import NamedTuple

MAX_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_COLUMNS = 140  # of what clang-format leaves alone, too


class Exceptions(NamedTuple):
    """What may break a rule, with the reason."""

    files: dict = {}  # too long: "MODULE/NAME.cpp"
    functions: dict = {}  # too long: "MODULE/NAME.cpp FUNCTION"
    types: dict = {}  # the name of several types
    untested: dict = {}  # without a unit test: "MODULE/NAME.cpp"


EXCEPTIONS = Exceptions(
    untested={
        "main.cpp": "tests/service runs it",
    },
)


class Broken(NamedTuple):
    rule: str  # a member of Exceptions
    what: str
    fault: str


def long_files(source):
    for path in files_of(source):
        lines = len(path.read_text().splitlines())
        if lines > MAX_LINES:
            name = str(path.relative_to(source))
            yield Broken("files", name, f"src/{name}: {lines} lines, more than {MAX_LINES}")


def long_lines(source):
    for path in files_of(source):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > MAX_COLUMNS:
                yield f"src/{path.relative_to(source)}:{number}: {len(line)} columns, more than {MAX_COLUMNS}"


def tags_of(source, kinds):
    command = ["ctags", "--options=NONE", "--language-force=C++", f"--kinds-C++={kinds}", "--output-format=json", "--fields=+ne", "-f", "-"]
    run = subprocess.run([*command, *files_of(source)], capture_output=True, text=True, check=True)
    return map(json.loads, run.stdout.splitlines())


def long_functions(source):
    for tag in tags_of(source, "f"):
        name = pathlib.Path(tag["path"]).relative_to(source)
        place = f"src/{name}:{tag['line']}: {tag['name']}"
        what = f"{name} {tag['name']}"
        if "end" not in tag:
            yield Broken("functions", what, f"{place}: ctags does not find its end")
            continue
        lines = tag["end"] - tag["line"] + 1
        if lines > MAX_FUNCTION_LINES:
            yield Broken("functions", what, f"{place}: {lines} lines, more than {MAX_FUNCTION_LINES}")


def types_of_one_name(source):
    """Of classes, structures, unions and enumerations, nested ones too: who reads a name should not have to ask of which module it is."""
    places = {}
    for tag in tags_of(source, "cgsu"):
        # Other names are no types of this project: ctags takes `struct stat status` for one.
        if tag["name"][0].isupper():
            name = pathlib.Path(tag["path"]).relative_to(source)
            places.setdefault(tag["name"], []).append(f"src/{name}:{tag['line']}")
    for name, found in places.items():
        if len(found) > 1:
            yield Broken("types", name, f"{', '.join(found)}: several types have the name {name}")


def sources_without_test(source, tests):
    for path in source.rglob("*.cpp"):
        name = path.relative_to(source)
        test = name.with_name(f"{path.stem}_test.cpp")
        if not (tests / test).exists():
            yield Broken("untested", str(name), f"src/{name}: there is no tests/unit/{test}")


def tests_without_source(source, tests):
    for path in tests.rglob("*_test.cpp"):
        name = path.relative_to(tests)
        stems = {file.stem for file in (source / name.parent).glob("*") if file.suffix in (".cpp", ".h")}
        subject = path.stem.removesuffix("_test")
        if not any(subject == stem or subject.startswith(f"{stem}_") for stem in stems):
            yield f"tests/unit/{name}: src/{name.parent} has no file that it is named after"


def files_of(source):
    return sorted(path for path in source.rglob("*") if path.suffix in (".cpp", ".h"))


def faults_of(top: pathlib.Path, exceptions: Exceptions):
    source, tests = top / "src", top / "tests/unit"
    broken = [*long_files(source), *long_functions(source), *types_of_one_name(source), *sources_without_test(source, tests)]
    faults = [one.fault for one in broken if one.what not in getattr(exceptions, one.rule)]
    faults += [*long_lines(source), *tests_without_source(source, tests)]
    for rule, allowed in exceptions._asdict().items():
        needed = {one.what for one in broken if one.rule == rule}
        faults += [f"{what}: an exception that is not needed ({rule} in tests/lint/shape.py)" for what in allowed if what not in needed]
    return sorted(faults)


def main() -> int:
    top = pathlib.Path(sys.argv[1]).resolve()
    files = files_of(top / "src")
    if not files:
        print(f"{top}/src has no files")
        return 1
    if not shutil.which("ctags"):
        print("ctags is missing: scripts/setup --test installs it (universal-ctags)")
        return 1
    try:
        faults = faults_of(top, EXCEPTIONS)
    except subprocess.CalledProcessError as problem:
        print(f"ctags failed, which must be Universal Ctags with JSON: {problem.stderr.strip()}")
        return 1
    print("\n".join(faults) or f"{len(files)} files are short and have their tests")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
