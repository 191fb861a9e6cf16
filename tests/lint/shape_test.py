#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""shape.py refuses what it should refuse."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import shape  # noqa: E402

LINT = pathlib.Path(__file__).with_name("shape.py")


def function(lines, head="int f()"):
    """A function of so many lines."""
    return "\n".join([f"{head} {{", *["  g();"] * (lines - 2), "}", ""])


def lint(tree, **exceptions):
    with tempfile.TemporaryDirectory() as root:
        for name, text in tree.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return shape.faults_of(pathlib.Path(root), shape.Exceptions(**exceptions))


CLEAN = {
    "src/main.cpp": function(50),
    "tests/unit/main_test.cpp": "",
    "src/base/dir.h": "//\n" * 300,
    "src/base/dir.cpp": function(50, "namespace a {\nint Dir::f() const"),
    "tests/unit/base/dir_test.cpp": "//\n" * 1000,
    "tests/unit/base/dir_rights_test.cpp": function(100),
    "src/base/only.h": "",
    "tests/unit/base/only_test.cpp": "",
    "tests/unit/base/helper.h": "",
}


def run(top, path=os.environ["PATH"]):
    done = subprocess.run([sys.executable, LINT, top], capture_output=True, text=True, check=False, env={"PATH": path})
    return done.returncode, done.stdout


class Shape(unittest.TestCase):
    def test_accepts_a_clean_tree(self):
        self.assertEqual(lint(CLEAN), [])

    def test_refuses_a_long_file(self):
        for name in ("dir.h", "dir.cpp"):
            files = {**CLEAN, f"src/base/{name}": "//\n" * 301}
            self.assertEqual(lint(files), [f"src/base/{name}: 301 lines, more than 300"])

    def test_refuses_a_long_line(self):
        self.assertEqual(lint({**CLEAN, "src/base/dir.h": "//\n// " + "ä" * 137 + "\n"}), [])
        faults = lint({**CLEAN, "src/base/dir.h": "//\n// " + "ä" * 138 + "\n"})
        self.assertEqual(faults, ["src/base/dir.h:2: 141 columns, more than 140"])

    def test_refuses_a_long_function_wherever_it_is(self):
        heads = {
            "int f()": "f",
            "Dir::Dir(int a) : a_(a)": "Dir",
            "int Dir::f() const noexcept": "f",
            "namespace {\ntemplate <class T>\nstd::vector<T> f(T&& a)": "f",
            "struct A {\n static int f()": "f",
            "bool operator==(const A& a, const A& b)": "operator ==",
        }
        for head, name in heads.items():
            for file in ("dir.h", "dir.cpp"):
                faults = lint({**CLEAN, f"src/base/{file}": function(51, head)})
                line = head.count("\n") + 1
                self.assertEqual(faults, [f"src/base/{file}:{line}: {name}: 51 lines, more than 50"], head)

    def test_refuses_a_function_that_ends_nowhere(self):
        self.assertIn("ctags does not find its end", "".join(lint({**CLEAN, "src/base/dir.cpp": "int f() {\n"})))

    def test_refuses_types_of_one_name_wherever_they_are(self):
        for head in ("struct Line", "enum class Line", "union Line", "template <class T>\nclass Line", "struct Line : Base"):
            nested = f"namespace b {{\nclass A {{\n public:\n{head} {{}};\n}};\n}}\n"
            line = 4 + head.count("\n")
            files = {**CLEAN, "src/base/dir.h": "struct Line {};\n", "src/base/only.h": nested}
            self.assertEqual(lint(files), [f"src/base/dir.h:1, src/base/only.h:{line}: several types have the name Line"], head)

    def test_accepts_what_is_no_second_type(self):
        for text in ("struct Line;\nclass Line;\nenum class Line;\n", "using Line = int;\n", "void f() {\n  struct stat status{};\n}\n",
                     "struct Other {\n  Line line;\n};\n", "Line f(struct Line line);\n", "template <class Line>\nvoid f();\n"):
            files = {**CLEAN, "src/base/dir.h": "struct Line {};\nstruct stat status;\n", "src/base/only.h": text}
            self.assertEqual(lint(files), [], text)

    def test_refuses_a_source_without_its_test(self):
        faults = lint({**CLEAN, "src/base/fd.cpp": "", "src/http/dir.cpp": ""})
        self.assertEqual(faults, ["src/base/fd.cpp: there is no tests/unit/base/fd_test.cpp",
                                  "src/http/dir.cpp: there is no tests/unit/http/dir_test.cpp"])

    def test_refuses_a_test_without_its_source(self):
        for name in ("base/walk_test.cpp", "base/dirs_test.cpp", "base/the_dir_test.cpp", "http/dir_test.cpp", "dir_test.cpp"):
            faults = lint({**CLEAN, f"tests/unit/{name}": ""})
            self.assertEqual(len(faults), 1, name)
            self.assertIn(f"tests/unit/{name}: ", faults[0])

    def test_takes_exceptions(self):
        tree = {**CLEAN, "src/base/dir.cpp": "//\n" * 301 + function(51), "src/base/fd.cpp": ""}
        self.assertEqual(len(lint(tree)), 3)
        exceptions = {"files": {"base/dir.cpp": "why"}, "functions": {"base/dir.cpp f": "why"}, "untested": {"base/fd.cpp": "why"}}
        self.assertEqual(lint(tree, **exceptions), [])

    def test_refuses_an_exception_that_is_not_needed(self):
        for rule, what in (("files", "base/dir.cpp"), ("functions", "base/dir.cpp f"), ("untested", "base/dir.cpp"), ("files", "base/gone.cpp")):
            faults = lint(CLEAN, **{rule: {what: "why"}})
            self.assertEqual(faults, [f"{what}: an exception that is not needed ({rule} in tests/lint/shape.py)"])

    def test_refuses_an_empty_tree(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(run(root)[0], 1)

    def test_fails_without_ctags(self):
        top = LINT.parent.parent.parent
        code, text = run(top, path="/nowhere")
        self.assertEqual(code, 1)
        self.assertIn("ctags is missing: scripts/setup --test installs it", text)

    def test_fails_with_another_ctags(self):
        top = LINT.parent.parent.parent
        with tempfile.TemporaryDirectory() as directory:
            other = pathlib.Path(directory, "ctags")
            other.write_text("#!/bin/sh\necho unknown option >&2\nexit 1\n")
            other.chmod(0o755)
            code, text = run(top, path=f"{directory}:{os.environ['PATH']}")
        self.assertEqual(code, 1)
        self.assertIn("must be Universal Ctags with JSON: unknown option", text)


if __name__ == "__main__":
    unittest.main()
