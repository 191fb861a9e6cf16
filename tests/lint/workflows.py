#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is in .github: yamllint has nothing to say, workflows have no right that they do not need, and what they call exists."""

import pathlib
import re
import subprocess
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/deploy"))

import kustomize  # noqa: E402

FILES = sorted((TOP / ".github/workflows").iterdir())
RULES = "{extends: default, rules: {document-start: disable, line-length: {max: 160}, comments: {min-spaces-from-content: 1}}}"
RUNNERS = {"ubuntu-24.04", "ubuntu-24.04-arm"}
# Those that publish.
MORE_PERMISSIONS = {("release", "image"): {"contents": "read", "packages": "write"}, ("release", "publish"): {"contents": "write", "packages": "write"}}
WORKFLOW = {"name", "on", "permissions", "concurrency", "jobs"}
JOB = {"name", "needs", "strategy", "runs-on", "container", "timeout-minutes", "permissions", "env", "steps"}
STEP = {"uses", "with", "run", "env"}


def load(path):
    (workflow,) = kustomize.load_all(path.read_text())
    return workflow


def jobs():
    for path in FILES:
        for name, job in load(path)["jobs"].items():
            yield path.stem, name, job


def commands():
    """Every command of every step, without what pipes and continued lines make of it."""
    for workflow, name, job in jobs():
        for step in job["steps"]:
            if "run" in step:
                yield workflow, name, job, step


class WorkflowTest(unittest.TestCase):
    def test_yamllint_has_nothing_to_say(self):
        done = subprocess.run(["yamllint", "--strict", "-d", RULES, TOP / ".github"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_every_key_is_one_that_workflows_have(self):
        self.assertEqual([path.name for path in FILES], ["ci.yml", "release.yml"])
        for path in FILES:
            self.assertLessEqual(set(load(path)), WORKFLOW, path)
        for workflow, name, job in jobs():
            self.assertLessEqual(set(job), JOB, (workflow, name))
            self.assertLessEqual({"runs-on", "timeout-minutes", "steps"}, set(job), (workflow, name))
            for step in job["steps"]:
                self.assertLessEqual(set(step), STEP, step)
                self.assertEqual(("run" in step) + ("uses" in step), 1, step)

    def test_permissions_are_the_least(self):
        for path in FILES:
            self.assertEqual(load(path)["permissions"], {"contents": "read"}, path)
        for workflow, name, job in jobs():
            self.assertEqual(job.get("permissions"), MORE_PERMISSIONS.get((workflow, name)), (workflow, name))

    def test_no_secret_is_needed_and_the_token_goes_to_steps_that_publish_only(self):
        for path in FILES:
            self.assertNotIn("secrets.", path.read_text())
        for workflow, name, job in jobs():
            self.assertNotIn("github.token", str(job.get("env")))
            given = [step["run"] for step in job["steps"] if "github.token" in str(step)]
            self.assertEqual(bool(given), (workflow, name) in MORE_PERMISSIONS, given)
            self.assertTrue(all(re.search("docker login|gh release", text) for text in given), given)

    def test_actions_are_pinned_by_commit(self):
        for path in FILES:
            uses = re.findall(r"uses: (.*)", path.read_text())
            self.assertTrue(uses)
            for text in uses:
                self.assertRegex(text, r"^actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

    def test_nothing_that_others_write_becomes_part_of_a_script(self):
        for _, _, _, step in commands():
            self.assertNotIn("${{", step["run"])
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)

    def test_jobs_and_runners_exist(self):
        for path in FILES:
            names = load(path)["jobs"]
            for name, job in names.items():
                needs = job.get("needs", [])
                self.assertLessEqual({needs} if isinstance(needs, str) else set(needs), set(names), name)
        for workflow, name, job in jobs():
            matrix = job.get("strategy", {}).get("matrix", {})
            if "part" in matrix:
                matrix = {}
            of_matrix = {one["runner"] for one in matrix.get("include", [])} | set(matrix.get("runner", []))
            if matrix:
                self.assertEqual((job["runs-on"], of_matrix), ("${{ matrix.runner }}", RUNNERS), (workflow, name))
                for one in matrix.get("include", []):
                    self.assertEqual(one["architecture"] == "arm64", one["runner"].endswith("-arm"))
            else:
                self.assertIn(job["runs-on"], RUNNERS)

    def test_scripts_and_what_is_asked_of_them_exist(self):
        called = set()
        for _, _, job, step in commands():
            words = step["run"].split()
            if "/" in words[0]:
                path = TOP / words[0]
                self.assertTrue(path.is_file() and path.stat().st_mode & 0o111, words[0])
                called.add(words[0])
                if words[1:] == ['"$PART"']:
                    self.assertEqual(job["env"]["PART"], "${{ matrix.part }}")
                elif len(words) > 1:
                    self.assertRegex(path.read_text(), rf"(?m)^#   {re.escape(words[0])} {re.escape(words[1])}\b", "its usage does not say so")
        self.assertEqual(called, {".ci/run", "scripts/release", "scripts/test"})

    def test_every_part_of_the_tests_is_a_job(self):
        script = (TOP / "scripts/test").read_text()
        parts = load(TOP / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["part"]
        self.assertEqual(parts, re.findall(r"(?m)^#   scripts/test ([a-z][a-z-]+)  ", script))
        for part in parts:
            self.assertEqual(len(re.findall(rf"(?m)^  (?:\S+ \| )*{part}(?: \| \S+)*\)", script)), 2, "setup and run")

    def test_dependabot_looks_where_there_is_something(self):
        updates = {one["package-ecosystem"]: TOP / one["directory"].strip("/") for one in load(TOP / ".github/dependabot.yml")["updates"]}
        self.assertEqual(updates, {"github-actions": TOP, "npm": TOP / "tests/browser"})
        self.assertTrue((updates["npm"] / "package-lock.json").is_file())

    def test_a_report_of_a_bug_asks_for_what_is_needed(self):
        form = load(TOP / ".github/ISSUE_TEMPLATE/bug_report.yml")
        asked = {field["id"]: field for field in form["body"]}
        self.assertLessEqual({"kernel", "version", "flags", "log", "file"}, set(asked))
        self.assertIn("`uname -r`", asked["kernel"]["attributes"]["description"])

    def test_a_container_has_git_before_the_checkout(self):
        # actions/checkout takes an archive without history where there is no git, and the tests ask git which files are the project's.
        for workflow, name, job in jobs():
            if "container" in job:
                self.assertRegex(job["steps"][0].get("run", ""), r"^apt-get update && apt-get install .*\bgit\b", (workflow, name))

    def test_arguments_of_the_image_are_the_dockerfiles(self):
        given = {name for _, _, _, step in commands() for name in re.findall(r'--build-arg "(\w+)=', step["run"])}
        self.assertEqual(given, set(re.findall(r"^ARG (\w+)=", (TOP / "Dockerfile").read_text(), re.MULTILINE)))

    def test_what_is_published_is_what_was_tested_and_summed(self):
        release = load(TOP / ".github/workflows/release.yml")["jobs"]
        self.assertEqual((release["package"]["needs"], release["image"]["needs"], release["publish"]["needs"]), ("test", "test", ["package", "image"]))
        scripts = [step["run"] for step in release["publish"]["steps"] if "run" in step]
        self.assertEqual(scripts[0], "scripts/release sums dist")
        self.assertTrue(scripts[-1].endswith(" dist/*"))


if __name__ == "__main__":
    unittest.main()
