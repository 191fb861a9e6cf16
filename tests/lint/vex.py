#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What security/*.openvex.json says has the form of OpenVEX 0.2.0 and is of the CivetWeb that is built. tests/deploy/binary.py holds its reasons."""

import datetime
import json
import pathlib
import re
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((TOP / "security/cgroup2_exporter.openvex.json").read_text())
JUSTIFICATIONS = {
    "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist"}
PRODUCTS = ["pkg:generic/cgroup2_exporter", "pkg:oci/cgroup2-exporter"]


class VexTest(unittest.TestCase):
    def test_the_document_has_the_fields_that_openvex_wants(self):
        self.assertEqual(set(DOCUMENT), {"@context", "@id", "author", "timestamp", "version", "statements"})
        self.assertEqual(DOCUMENT["@context"], "https://openvex.dev/ns/v0.2.0")
        self.assertIsInstance(DOCUMENT["version"], int)
        datetime.datetime.strptime(DOCUMENT["timestamp"], "%Y-%m-%dT%H:%M:%SZ")

    def test_each_statement_says_why_the_program_is_not_affected(self):
        names = [one["vulnerability"]["name"] for one in DOCUMENT["statements"]]
        self.assertIn("CVE-2025-55763", names)
        self.assertEqual(len(names), len(set(names)))
        for one in DOCUMENT["statements"]:
            self.assertRegex(one["vulnerability"]["name"], r"^CVE-\d{4}-\d{4,}$")
            self.assertTrue(one["vulnerability"]["@id"].endswith("/" + one["vulnerability"]["name"]))
            self.assertEqual(one["status"], "not_affected")
            self.assertIn(one["justification"], JUSTIFICATIONS)
            self.assertTrue(one["impact_statement"])

    def test_statements_are_of_the_civetweb_that_is_built(self):
        version = re.search(r"^civetweb_version=(.*)$", (TOP / "scripts/setup").read_text(), re.MULTILINE)[1]
        for one in DOCUMENT["statements"]:
            self.assertEqual([product["@id"] for product in one["products"]], PRODUCTS)
            for product in one["products"]:
                self.assertEqual(product["subcomponents"], [{"@id": f"pkg:deb/debian/civetweb@{version.replace('+', '%2B')}"}])


if __name__ == "__main__":
    unittest.main()
