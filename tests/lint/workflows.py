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
# Those that publish. Who may sign cannot make a release, and who makes it cannot sign.
MORE_PERMISSIONS = {
    ("release", "image"): {"contents": "read", "packages": "write"},
    ("release", "sign"): {"contents": "read", "packages": "write", "id-token": "write", "attestations": "write"},
    ("release", "publish"): {"contents": "write"},
}
WORKFLOW = {"name", "on", "permissions", "concurrency", "jobs"}
JOB = {"name", "needs", "strategy", "runs-on", "container", "timeout-minutes", "permissions", "env", "steps"}
STEP = {"id", "uses", "with", "run", "env"}


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
                self.assertRegex(text, r"^(actions/[a-z-]+|sigstore/cosign-installer)@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

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
            words = re.sub(r"^\w+=\$\(", "", step["run"]).split()
            if "/" in words[0]:
                path = TOP / words[0]
                self.assertTrue(path.is_file() and path.stat().st_mode & 0o111, words[0])
                called.add(words[0])
                if words[1:] == ['"$PART"']:
                    self.assertEqual(job["env"]["PART"], "${{ matrix.part }}")
                elif len(words) > 1:
                    self.assertRegex(path.read_text(), rf"(?m)^#   {re.escape(words[0])} {re.escape(words[1])}\b", "its usage does not say so")
        self.assertEqual(called, {".ci/run", "scripts/distributions", "scripts/release", "scripts/test"})

    def test_every_part_of_the_tests_is_a_job(self):
        script = (TOP / "scripts/test").read_text()
        parts = load(TOP / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["part"]
        self.assertEqual(parts, re.findall(r"(?m)^#   scripts/test ([a-z][a-z-]+)  ", script))
        for part in parts:
            self.assertEqual(len(re.findall(rf"(?m)^  (?:\S+ \| )*{part}(?: \| \S+)*\)", script)), 2, "setup and run")

    def test_every_other_distribution_is_a_job(self):
        script = (TOP / "scripts/distributions").read_text()
        parts = load(TOP / ".github/workflows/ci.yml")["jobs"]["distributions"]["strategy"]["matrix"]["part"]
        self.assertEqual(["bookworm", *parts], re.findall(r"(?m)^#   scripts/distributions ([a-z]+)  ", script))
        self.assertIn(f"\nparts=({' '.join(['bookworm', *parts])})\n", script)

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

    def test_what_is_published_is_what_was_tested_and_signed(self):
        release = load(TOP / ".github/workflows/release.yml")["jobs"]
        self.assertEqual({name: job.get("needs") for name, job in release.items()},
                         {"test": None, "package": "test", "image": "test", "sign": ["package", "image"], "publish": "sign"})
        scripts = [step["run"] for step in release["sign"]["steps"] if "run" in step]
        self.assertEqual(scripts[1:3], ["scripts/release sums dist", "scripts/release sign dist"])
        uploaded = [step["with"] for step in release["sign"]["steps"] if "upload-artifact" in step.get("uses", "")]
        taken = [step["with"] for step in release["publish"]["steps"] if "download-artifact" in step.get("uses", "")]
        self.assertEqual([one["path"].strip("/") for one in uploaded], ["dist"])
        self.assertEqual(taken, [{"name": uploaded[0]["name"], "path": "dist"}])
        (script,) = [step["run"] for step in release["publish"]["steps"] if "run" in step]
        self.assertTrue(script.endswith(" dist/*"))

    def test_provenance_is_of_each_file_and_of_the_image(self):
        steps = load(TOP / ".github/workflows/release.yml")["jobs"]["sign"]["steps"]
        subjects = [step["with"] for step in steps if "attest-build-provenance" in step.get("uses", "")]
        (image,) = [step for step in steps if step.get("id") == "image"]
        self.assertEqual(subjects[0], {"subject-checksums": "dist/SHA256SUMS"})
        self.assertEqual(subjects[1], {"subject-name": "${{ steps.image.outputs.name }}", "subject-digest": "${{ steps.image.outputs.digest }}",
                                       "push-to-registry": True})
        self.assertEqual(set(re.findall(r'echo "(\w+)=[^\n]* >> "\$GITHUB_OUTPUT"', image["run"])), {"name", "digest"})

    def test_sboms_of_images_have_the_name_that_is_attached(self):
        steps = load(TOP / ".github/workflows/release.yml")["jobs"]["image"]["steps"]
        scripts = "\n".join(step.get("run", "") for step in steps)
        self.assertIn('"dist/cgroup2_exporter-${GITHUB_REF_NAME#v}.image-$ARCHITECTURE.spdx.json"', scripts)
        self.assertIn("cgroup2_exporter-$version.image-$architecture.spdx.json", (TOP / "scripts/release").read_text())
        (target,) = re.findall(r"--target (\w+)", scripts)
        self.assertRegex((TOP / "Dockerfile").read_text(), rf"(?m)^FROM scratch AS {target}$")


if __name__ == "__main__":
    unittest.main()
