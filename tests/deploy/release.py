#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""release.py STATIC EXPORTER: what scripts/release and scripts/sbom make of a build."""

import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

STATIC, EXPORTER = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
VERSION = re.search(r"VERSION ([0-9.]+) ", (TOP / "CMakeLists.txt").read_text()).group(1)


VEX = "cgroup2_exporter.openvex.json"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **more)


def run_recorded(directory, *words):
    """With programs in place of cosign and docker that note how they are called; docker gives each image but "missing" a digest."""
    for name in ("cosign", "docker"):
        program = directory / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >>"{directory}/calls"\n'
                           '[ "$2 $3" != "imagetools inspect" ] || { [ "${4##*:}" != missing ] && echo "sha256:of-${4##*:}"; }\n')
        program.chmod(0o755)
    done = run(*words, env={**os.environ, "PATH": f"{directory}:{os.environ['PATH']}"})
    calls = directory / "calls"
    return done, calls.read_text().splitlines() if calls.exists() else []


class SbomTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = run(TOP / "scripts/sbom", EXPORTER)
        assert done.returncode == 0, done.stderr
        cls.document = json.loads(done.stdout)
        cls.packages = {one["name"]: one for one in cls.document["packages"]}

    def test_it_is_what_spdx_wants(self):
        self.assertEqual((self.document["spdxVersion"], self.document["dataLicense"], self.document["SPDXID"]), ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"))
        self.assertRegex(self.document["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        ids = [one["SPDXID"] for one in self.document["packages"]]
        self.assertEqual(len(ids), len(set(ids)))
        for one in self.document["packages"]:
            self.assertRegex(one["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
            self.assertTrue(one["name"] and one["versionInfo"] and one["downloadLocation"])
        for one in self.document["relationships"]:
            self.assertLessEqual({one["spdxElementId"], one["relatedSpdxElement"]}, {"SPDXRef-DOCUMENT", *ids})

    def test_it_is_of_this_program(self):
        program = self.packages["cgroup2_exporter"]
        self.assertEqual(program["versionInfo"], VERSION)
        self.assertEqual(program["checksums"][0]["checksumValue"], hashlib.sha256(EXPORTER.read_bytes()).hexdigest())

    def test_it_names_every_library_that_is_loaded_and_what_is_compiled_in(self):
        loaded = len(set(re.findall(r"/\S+", run("ldd", EXPORTER).stdout)))
        kinds = [one["relationshipType"] for one in self.document["relationships"]]
        self.assertLessEqual(kinds.count("DYNAMIC_LINK"), loaded)
        for name in ("libc6", "libstdc++6", "civetweb", "nlohmann-json3-dev", "libcli11-dev", "libtomlplusplus-dev"):
            self.assertIn(name, self.packages)
        self.assertEqual(self.packages["libc6"]["versionInfo"], run("dpkg-query", "-W", "-f", "${Version}", "libc6").stdout)
        wanted = {word for path in re.findall(r"/\S+", run("ldd", EXPORTER).stdout) for word in re.findall(r"lib(spdlog|fmt|yaml-cpp|re2)\.so", path)}
        for word in wanted:
            self.assertTrue(any(name.startswith("lib" + word) for name in self.packages), word)

    def test_it_names_civetweb_as_the_statement_of_vulnerabilities_does(self):
        (purl,) = [one["referenceLocator"] for one in self.packages["civetweb"]["externalRefs"]]
        version = re.search(r"^civetweb_version=(.*)$", (TOP / "scripts/setup").read_text(), re.MULTILINE)[1]
        self.assertEqual(self.packages["civetweb"]["versionInfo"], version)
        for statement in json.loads((TOP / "security" / VEX).read_text())["statements"]:
            program = statement["products"][0]
            self.assertEqual(self.packages["cgroup2_exporter"]["externalRefs"][0]["referenceLocator"], f"{program['@id']}@{VERSION}")
            self.assertEqual(purl.split("?")[0], program["subcomponents"][0]["@id"])

    def test_that_of_the_program_in_one_file_names_what_it_is_linked_from(self):
        done = run(TOP / "scripts/sbom", STATIC)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        packages = {one["name"]: one for one in document["packages"]}
        self.assertEqual({one["relationshipType"] for one in document["relationships"]}, {"DESCRIBES", "STATIC_LINK"})
        for name in ("libc6-dev", "libssl-dev", "libyaml-cpp-dev", "civetweb", "prometheus-cpp", "spdlog", "fmtlib", "nlohmann-json3-dev"):
            self.assertIn(name, packages)
        self.assertEqual(packages["spdlog"]["versionInfo"], run("dpkg-query", "-W", "-f", "${source:Version}", "libspdlog-dev").stdout)
        linked = (TOP / "cmake/static.cmake").read_text()
        wanted = re.search(r"foreach\(library ([^)]*)\)", linked)[1].split()
        listed = re.search(r"^LIBRARIES = \((.*)\)$", (TOP / "scripts/sbom").read_text(), re.MULTILINE)[1]
        self.assertEqual([name for name in wanted if f'"{name}"' not in listed], [])

    def test_that_of_the_image_contains_the_program_and_certificates(self):
        done = run(TOP / "scripts/sbom", "--image", STATIC)
        self.assertEqual(done.returncode, 0, done.stderr)
        image = json.loads(done.stdout)
        names = {one["SPDXID"]: one["name"] for one in image["packages"]}
        self.assertEqual(len(names), len(image["packages"]))
        rows = {(names.get(one["spdxElementId"]), one["relationshipType"], names[one["relatedSpdxElement"]]) for one in image["relationships"]}
        self.assertIn((None, "DESCRIBES", "cgroup2-exporter"), rows)
        self.assertEqual({row[2] for row in rows if row[1] == "CONTAINS"}, {"cgroup2_exporter", "ca-certificates"})
        for name in ("civetweb", "libc6-dev", "libssl-dev"):
            self.assertIn(("cgroup2_exporter", "STATIC_LINK", name), rows)

    def test_that_of_the_image_names_each_package_whose_licence_is_there(self):
        with tempfile.TemporaryDirectory() as directory:
            done = run(TOP / "deploy/image/collect.sh", STATIC, directory)
            self.assertEqual(done.returncode, 0, done.stderr)
            image = json.loads(run(TOP / "scripts/sbom", "--image", f"{directory}/usr/bin/cgroup2_exporter").stdout)
            with_licence = set(os.listdir(f"{directory}/usr/share/doc")) - {"cgroup2-exporter"}
            names = {one["SPDXID"]: one["name"] for one in image["packages"]}
            held = {names[one["relatedSpdxElement"]] for one in image["relationships"] if one["relationshipType"] in ("CONTAINS", "STATIC_LINK")}
            self.assertEqual(held, {"cgroup2_exporter", *with_licence})
            (stated,) = [one["checksums"][0]["checksumValue"] for one in image["packages"] if "checksums" in one]
            self.assertEqual(stated, hashlib.sha256(pathlib.Path(directory, "usr/bin/cgroup2_exporter").read_bytes()).hexdigest())

    def test_headers_that_the_build_names_are_the_ones_listed(self):
        setup = (TOP / "scripts/setup").read_text()
        for name in ("nlohmann-json3-dev", "libcli11-dev", "libtomlplusplus-dev"):
            self.assertIn(name, setup)


class ReleaseTest(unittest.TestCase):
    def test_a_tag_of_another_version_is_refused(self):
        done = run(TOP / "scripts/release", "check", "v99.0.0")
        self.assertEqual((done.returncode, done.stderr), (1, f"the tag is v99.0.0, CMakeLists.txt says {VERSION}\n"))

    def test_a_version_without_a_date_in_the_changelog_is_refused(self):
        is_dated = re.search(rf"^## {re.escape(VERSION)} / \d{{4}}-\d\d-\d\d$", (TOP / "CHANGELOG.md").read_text(), re.MULTILINE)
        done = run(TOP / "scripts/release", "check", "v" + VERSION)
        self.assertEqual(done.returncode, 0 if is_dated else 1, done.stderr)

    def test_sums_are_of_every_file_and_hold(self):
        with tempfile.TemporaryDirectory() as directory:
            for name in ("b.deb", "a.tar.gz"):
                (pathlib.Path(directory) / name).write_text(name)
            for _ in range(2):  # those of before, and their signature, are no file to sum
                (pathlib.Path(directory) / "SHA256SUMS.sigstore.json").write_text("{}")
                done = run(TOP / "scripts/release", "sums", directory)
                self.assertEqual(done.returncode, 0, done.stderr)
            lines = (pathlib.Path(directory) / "SHA256SUMS").read_text().splitlines()
            self.assertEqual([line.split()[1] for line in lines], ["a.tar.gz", "b.deb", VEX])
            self.assertEqual(sorted(os.listdir(directory)), ["SHA256SUMS", "a.tar.gz", "b.deb", VEX])
            sums = [hashlib.sha256(text).hexdigest() for text in (b"a.tar.gz", b"b.deb", (TOP / "security" / VEX).read_bytes())]
            self.assertEqual([line.split()[0] for line in lines], sums)

    def test_sums_are_signed_if_they_are_of_everything(self):
        with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryDirectory() as programs:
            files = pathlib.Path(directory)
            (files / "a.deb").write_text("a")
            run(TOP / "scripts/release", "sums", directory)
            done, calls = run_recorded(pathlib.Path(programs), TOP / "scripts/release", "sign", directory)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(calls, ["cosign sign-blob --yes --new-bundle-format --bundle SHA256SUMS.sigstore.json SHA256SUMS"])
            for name, text in (("b.deb", "not summed"), ("a.deb", "another")):
                (files / name).write_text(text)
                done, calls = run_recorded(pathlib.Path(programs), TOP / "scripts/release", "sign", directory)
                self.assertNotEqual(done.returncode, 0, name)
                self.assertEqual(len(calls), 1, "nothing more was signed")
                (files / "b.deb").unlink(missing_ok=True)

    def test_images_are_signed_by_their_digests(self):
        with tempfile.TemporaryDirectory() as programs:
            done, calls = run_recorded(pathlib.Path(programs), TOP / "scripts/release", "image", f"host/name:{VERSION}", "dist")
            self.assertEqual((done.returncode, done.stdout), (0, f"sha256:of-{VERSION}\n"), done.stderr)
            self.assertEqual(calls[0], f"docker buildx imagetools create --tag host/name:{VERSION} host/name:{VERSION}-amd64 host/name:{VERSION}-arm64")
            attest = "cosign attest --yes --type spdxjson --predicate dist/cgroup2_exporter-{0}.image-{1}.spdx.json host/name@sha256:of-{0}-{1}"
            self.assertEqual([call for call in calls if call.startswith("cosign")], [
                f"cosign sign --yes --recursive host/name@sha256:of-{VERSION}", attest.format(VERSION, "amd64"), attest.format(VERSION, "arm64")])

    def test_an_image_without_a_digest_is_not_signed(self):
        with tempfile.TemporaryDirectory() as programs:
            done, calls = run_recorded(pathlib.Path(programs), TOP / "scripts/release", "image", "host/name:missing", "dist")
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual([call for call in calls if call.startswith("cosign")], [])

    def test_the_sums_in_the_sboms_are_those_of_the_programs_in_the_package_and_the_tar(self):
        with tempfile.TemporaryDirectory() as directory:
            done = run(TOP / "scripts/release", "pack", directory)
            self.assertEqual(done.returncode, 0, done.stderr)
            (package,), (archive,) = (list(pathlib.Path(directory).glob(pattern)) for pattern in ("*.deb", "*.tar.gz"))
            of_archive = pathlib.Path(directory, archive.name.removesuffix(".tar.gz") + ".spdx.json")
            (of_package,) = set(pathlib.Path(directory).glob("*.spdx.json")) - {of_archive}
            self.assertRegex(archive.name, rf"^cgroup2_exporter-{VERSION}\.linux-\w+\.tar\.gz$")
            with tarfile.open(archive) as tar:
                packed = tar.extractfile(f"cgroup2_exporter-{VERSION}/cgroup2_exporter").read()
            content = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE, check=True).stdout
            with tarfile.open(fileobj=io.BytesIO(content)) as tar:
                installed = tar.extractfile("./usr/bin/cgroup2_exporter").read()
            for sbom, program in ((of_archive, packed), (of_package, installed)):
                (stated,) = [one["checksums"][0]["checksumValue"] for one in json.loads(sbom.read_text())["packages"] if one["name"] == "cgroup2_exporter"]
                self.assertEqual(hashlib.sha256(program).hexdigest(), stated, sbom)

    def test_anything_else_is_refused(self):
        for words in ((), ("build",), ("rm", "x"), ("sums", "x", "y"), ("image", "x")):
            done = run(TOP / "scripts/release", *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn("usage:", done.stderr)


if __name__ == "__main__":
    unittest.main()
