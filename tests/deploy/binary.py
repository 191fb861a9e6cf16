#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""binary.py EXPORTER: what protects the program that is shipped, as its ELF file says it, and which functions of CivetWeb it has."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

EXPORTER = pathlib.Path(sys.argv.pop(1)).resolve()
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
# The first instructions of a function that may be called through a pointer: endbr64; paciasp or bti c.
LANDING_PADS = {"x86_64": ["f30f1efa"], "aarch64": ["3f2303d5", "5f2403d5"]}
ABSENT = {  # functions of CivetWeb that have faults or serve files, and why they are not in the program
    "mg_handle_form_request": "nothing of src calls it",
    "mg_get_request_link": "nothing calls it without NO_FILES",
    "mg_send_file": "nothing of src calls it",
    "handle_directory_request": "NO_FILES",
    "put_file": "NO_FILES",
    "handle_cgi_request": "NO_CGI",
    "read_websocket": "no USE_WEBSOCKET",
    "handle_websocket_request": "no USE_WEBSOCKET",
}


def readelf(*words):
    return subprocess.run(["readelf", "--wide", *words, EXPORTER], stdout=subprocess.PIPE, text=True, check=True).stdout


MACHINE = "aarch64" if "AArch64" in readelf("--file-header") else "x86_64"


def functions():
    """Address by name, without the names of clones and versions."""
    rows = re.findall(r"^ *\d+: ([0-9a-f]+) +\d+ FUNC +\S+ +\S+ +\d+ ([\w.]+)", readelf("--syms"), re.MULTILINE)
    return {name.split(".")[0]: int(address, 16) for address, name in rows}


def imported():
    return set(re.findall(r" UND (\w+)", readelf("--dyn-syms")))


def compile_command():
    """Of CivetWeb."""
    commands = json.loads((EXPORTER.parent / "compile_commands.json").read_text())
    (command,) = [one["command"].split() for one in commands if one["file"].endswith("civetweb_sockets.c")]
    return [word for word in command if word != "ccache"]


def handle_request(*more):
    """The text of CivetWeb's function of this name, as the preprocessor hands it to the compiler."""
    words = compile_command()
    del words[words.index("-o"):words.index("-o") + 2]
    words[words.index("-c")] = "-E"
    text = subprocess.run([*words, *more, "-P"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.search(r"^handle_request\(struct mg_connection \*conn\)\n\{.*?^\}", text, re.MULTILINE | re.DOTALL)[0]


class HardeningTest(unittest.TestCase):
    def test_it_may_be_loaded_anywhere(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN")
        self.assertRegex(readelf("--dynamic"), r"\(FLAGS_1\) .*\bPIE\b")

    def test_no_pointer_to_a_function_can_be_written_after_the_start(self):
        self.assertRegex(readelf("--segments"), r"\n +GNU_RELRO ")
        self.assertRegex(readelf("--dynamic"), r"\(FLAGS_1\) .*\bNOW\b")

    def test_nothing_is_writable_and_executable(self):
        flags = re.findall(r"^ +(LOAD|GNU_STACK) .* ([R ][W ][E ]) 0x", readelf("--segments"), re.MULTILINE)
        self.assertIn(("GNU_STACK", "RW "), flags)
        self.assertEqual([one for one in flags if "W" in one[1] and "E" in one[1]], [])

    def test_it_looks_for_no_library_beside_itself(self):
        self.assertNotRegex(readelf("--dynamic"), r"\((RPATH|RUNPATH|TEXTREL)\)")

    def test_stacks_and_copies_are_checked(self):
        self.assertLessEqual({"__stack_chk_fail", "__memcpy_chk", "__snprintf_chk"}, imported())

    def test_indices_of_containers_are_checked(self):
        self.assertTrue(any("__glibcxx_assert_fail" in name for name in imported()), "_GLIBCXX_ASSERTIONS")

    def test_functions_begin_with_a_landing_pad(self):
        all_functions, content = functions(), EXPORTER.read_bytes()
        for name in ("main", "mg_start2"):  # the exporter's and CivetWeb's; the file's offset of code is its address
            begin = content[all_functions[name]:all_functions[name] + 4].hex()
            self.assertIn(begin, LANDING_PADS[MACHINE], name)

    def test_it_says_so_to_the_loader_where_the_c_library_does(self):
        if MACHINE != "x86_64":
            self.skipTest("the note is x86's")
        start = subprocess.run(["gcc", "-print-file-name=Scrt1.o"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        notes = subprocess.run(["readelf", "--notes", start], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertEqual("IBT, SHSTK" in readelf("--notes"), "IBT, SHSTK" in notes)

    def test_flags_are_those_of_every_source(self):
        for one in json.loads((EXPORTER.parent / "compile_commands.json").read_text()):
            if "/src/" in one["file"]:
                for flag in ("-fstack-clash-protection", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=", "-D_GLIBCXX_ASSERTIONS", "-fPI"):
                    self.assertIn(f" {flag}", one["command"], one["file"])


class CivetWebTest(unittest.TestCase):
    """What security/cgroup2_exporter.openvex.json says."""

    def test_functions_with_known_faults_are_not_in_the_program(self):
        present = functions()
        self.assertIn("handle_request", present, "the program has no symbols")
        self.assertEqual(set(ABSENT) & set(present), set())

    def test_the_redirect_of_directories_is_not_compiled(self):
        self.assertIn("is_directory", handle_request("-UNO_FILES"), "CivetWeb has another form: look for its redirect anew")
        self.assertNotIn("is_directory", handle_request())
        self.assertNotIn("mg_send_http_redirect", handle_request())
        self.assertNotIn("strcat", handle_request())

    def test_begin_request_handles_each_request_before_files_are_looked_for(self):
        text = handle_request()
        self.assertLess(text.index("begin_request(conn)"), text.index("interpret_uri"))

    def test_nothing_but_its_library_is_compiled(self):
        files = [one["file"] for one in json.loads((EXPORTER.parent / "compile_commands.json").read_text()) if "civetweb/" in one["file"]]
        self.assertEqual(files, [], "src/http/civetweb_sockets.c includes civetweb.c")


if __name__ == "__main__":
    unittest.main()
