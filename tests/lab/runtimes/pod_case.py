# SPDX-License-Identifier: Apache-2.0
"""What holds for the exporter's container in every pod."""

import sandboxed

LOAD_IMAGE = "podman images --quiet cgroup2-exporter | grep -q . || podman load --quiet --input /lab/image.tar"


class PodCase:
    """Tests of `pod`, which setUpClass starts; `exposition` is what it serves. Beside a class that is a TestCase."""

    def health_flags(self):
        """What a user adds to the image's HEALTHCHECK."""
        return ()

    def test_it_runs_what_the_image_says_and_the_manifest_adds(self):
        words = self.machine.text(f"tr '\\0' '\\n' </proc/{self.pod.pid}/cmdline").splitlines()
        self.assertEqual(words, self.pod.image()["Config"]["Entrypoint"] + self.pod.container["args"])

    def test_probes_and_the_health_check_of_the_image_are_answered(self):
        for kind in ("livenessProbe", "readinessProbe"):
            self.pod.probe(kind)
        self.pod.check_health(*self.health_flags())

    def test_every_layer_of_the_sandbox_holds(self):
        self.assertEqual(sandboxed.said(self.exposition), sandboxed.expected(self.machine.version))

    def test_nothing_is_wrong_in_its_log(self):
        lines = self.pod.log().splitlines()
        self.assertEqual([line for line in lines if "level=error" in line or ("level=warn" in line and "OOM kill" not in line)], [])
