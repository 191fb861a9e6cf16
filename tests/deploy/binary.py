#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""binary.py EXPORTER: which functions of CivetWeb the program that is shipped has, as its ELF file says it."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

EXPORTER = pathlib.Path(sys.argv.pop(1)).resolve()
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
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


def functions():
    """Address by name, without the names of clones and versions."""
    rows = re.findall(r"^ *\d+: ([0-9a-f]+) +\d+ FUNC +\S+ +\S+ +\d+ ([\w.]+)", readelf("--syms"), re.MULTILINE)
    return {name.split(".")[0]: int(address, 16) for address, name in rows}


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
