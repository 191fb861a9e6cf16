#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""links.py refuses what it should refuse."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import links  # noqa: E402

LINT = pathlib.Path(__file__).with_name("links.py")


def lint(**tree):
    """Faults in a repository of README.md and docs/page.md."""
    with tempfile.TemporaryDirectory() as root:
        top = pathlib.Path(root).resolve()
        (top / "docs").mkdir()
        (top / "README.md").write_text(tree.get("readme", ""))
        (top / "docs/page.md").write_text(tree.get("page", "# Page\n"))
        return list(links.faults(top))


class Links(unittest.TestCase):
    def test_accepts_files_directories_headings_and_other_hosts(self):
        readme = "# Top\n[a](docs/page.md) ![b](docs) [c](docs/page.md#page) [d](#top) [e](https://example.com/x) [f][f]\n\n[f]: docs/page.md\n"
        self.assertEqual(lint(readme=readme), [])

    def test_refuses_a_file_that_does_not_exist(self):
        self.assertEqual(lint(readme="[a](docs/gone.md)\n"), ["README.md: docs/gone.md does not exist"])

    def test_looks_for_a_file_beside_the_page(self):
        self.assertEqual(lint(page="[a](page.md) [b](docs/page.md) [c](../README.md)\n"), ["docs/page.md: docs/page.md does not exist"])

    def test_refuses_a_heading_that_does_not_exist(self):
        self.assertEqual(lint(readme="[a](docs/page.md#gone) [b](#gone)\n"),
                         ["README.md: docs/page.md#gone has no such heading", "README.md: #gone has no such heading"])

    def test_refuses_a_heading_of_a_directory(self):
        self.assertEqual(lint(readme="[a](docs#page)\n"), ["README.md: docs#page has no such heading"])

    def test_refuses_a_way_out_of_the_repository(self):
        self.assertEqual(lint(readme="[a](../x.md)\n"), ["README.md: ../x.md leads out of the repository"])

    def test_refuses_a_definition_of_what_does_not_exist(self):
        self.assertEqual(lint(readme="[a][b]\n\n[b]: gone.md\n"), ["README.md: gone.md does not exist"])

    def test_refuses_a_reference_without_a_definition(self):
        self.assertEqual(lint(readme="[a][gone]\n"), ["README.md: [gone] is not defined"])

    def test_follows_a_link_whose_text_is_broken_into_two_lines(self):
        self.assertEqual(lint(readme="[a\nb](gone.md)\n"), ["README.md: gone.md does not exist"])

    def test_does_not_follow_code(self):
        self.assertEqual(lint(readme="`[a](gone.md)`\n\n```\n[a](gone.md)\n# Not a heading\n```\n"), [])

    def test_headings_in_code_are_none(self):
        self.assertEqual(lint(readme="[a](#comment)\n\n```\n# comment\n```\n"), ["README.md: #comment has no such heading"])

    def test_names_headings_as_github_does(self):
        text = "# On by `default`, 5,000 nodes?\n## Same\n## Same\n## [Linked](x.md) word_s\n"
        self.assertEqual(list(links.anchors(text)), ["on-by-default-5000-nodes", "same", "same-1", "linked-word_s"])

    def test_does_not_look_at_what_is_not_of_the_repository(self):
        with tempfile.TemporaryDirectory() as root:
            top = pathlib.Path(root)
            for directory in ("build", "third_party", "a/node_modules"):
                (top / directory).mkdir(parents=True)
                (top / directory / "x.md").write_text("[a](gone.md)")
            self.assertEqual(list(links.pages(top)), [])

    def test_ends_with_1_for_faults_and_where_there_is_nothing_to_look_at(self):
        with tempfile.TemporaryDirectory() as root:
            run = lambda: subprocess.run([sys.executable, LINT, root], capture_output=True, text=True, check=False)
            self.assertEqual(run().returncode, 1)
            page = pathlib.Path(root, "a.md")
            page.write_text("[a](gone.md)")
            self.assertEqual((run().returncode, run().stdout), (1, "a.md: gone.md does not exist\n"))
            page.write_text("[a](a.md)")
            self.assertEqual((run().returncode, run().stdout), (0, "the links of 1 pages lead somewhere\n"))


if __name__ == "__main__":
    unittest.main()
