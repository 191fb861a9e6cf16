#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""layers.py refuses what it should refuse."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from layers import modules  # noqa: E402

LINT = pathlib.Path(__file__).with_name("layers.py")


def lint(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root, "src", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run = subprocess.run([sys.executable, LINT, pathlib.Path(root, "src")], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout


class Layers(unittest.TestCase):
    def test_refuses_an_arrow_against_the_direction(self):
        code, text = lint({"base/a.h": '#include "cgroup/tree.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn('base/a.h:1: base may not include "cgroup/tree.h"', text)

    def test_refuses_another_header_of_a_module_of_which_only_one_is_open(self):
        self.assertEqual(lint({"status/kills.h": '#include "oom/ledger_content.h"\n'})[0], 0)
        self.assertEqual(lint({"status/kills.h": '#include "oom/ledger.h"\n'})[0], 1)

    def test_refuses_a_library_in_a_header(self):
        self.assertIn("in a header", lint({"http/server.h": "#include <civetweb.h>\n"})[1])

    def test_refuses_a_library_in_another_module(self):
        self.assertEqual(lint({"cgroup/tree.cpp": "#include <fmt/format.h>\n"})[0], 1)

    def test_accepts_the_arrows(self):
        self.assertEqual(lint({"cgroup/tree.cpp": '#include "base/dir.h"\n#include <vector>\n'})[0], 0)

    def test_takes_what_is_allowed_from_the_table(self):
        found = modules.modules_of(
            "add_module(base)\nadd_module(status MODULES base cgroup HEADERS oom/a.h\n  LIBRARIES x::y z)\n"
            "target_link_libraries(cgroup2_exporter PRIVATE module_status module_base)\n")
        self.assertEqual(found, {"base": ([], [], []), "status": (["base", "cgroup"], ["oom/a.h"], ["x::y", "z"]),
                                 "main": (["status", "base"], [], [])})
        self.assertEqual("".join(modules.arrows_of(found)),
                         "main   ─▶ status, base\nstatus ─▶ base, cgroup, oom/a.h\nbase   ─▶ the standard library\n")

    def test_refuses_an_empty_tree(self):
        self.assertEqual(lint({})[0], 1)


if __name__ == "__main__":
    unittest.main()
