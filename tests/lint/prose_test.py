#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""prose.py refuses what it should refuse."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import prose  # noqa: E402

LINT = pathlib.Path(__file__).with_name("prose.py")


class Prose(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.top = pathlib.Path(directory.name)
        self.write("README.md", "x\n" * 150)
        self.write("docs/runbooks/page.md", "ü" * 120 + "\n")
        for name in prose.WIDE:
            self.write(name, "x" * 121)

    def write(self, name, text):
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_accepts_what_is_just_short_enough(self):
        self.assertEqual(list(prose.faults(self.top)), [])

    def test_refuses_a_long_readme(self):
        self.write("README.md", "x\n" * 151)
        self.assertEqual(list(prose.faults(self.top)), ["README.md: 151 lines, more than 150"])

    def test_refuses_a_wide_line_of_readme_and_of_a_page(self):
        self.write("README.md", "x\n" + "x" * 121)
        self.write("docs/runbooks/page.md", "x" * 122)
        self.assertEqual(list(prose.faults(self.top)),
                         ["README.md:2: 121 columns, more than 120", "docs/runbooks/page.md:1: 122 columns, more than 120"])

    def test_refuses_an_exception_that_is_not_needed(self):
        self.write("docs/METRICS.md", "x")
        self.assertEqual(list(prose.faults(self.top)), ["docs/METRICS.md: an exception that is not needed (WIDE in tests/lint/prose.py)"])

    def test_ends_with_1_for_faults(self):
        run = lambda: subprocess.run([sys.executable, LINT, self.top], capture_output=True, text=True, check=False)
        self.assertEqual((run().returncode, run().stdout), (0, "README is short and no line is too wide\n"))
        self.write("README.md", "x\n" * 151)
        self.assertEqual(run().returncode, 1)


if __name__ == "__main__":
    unittest.main()
