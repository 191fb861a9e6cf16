# SPDX-License-Identifier: Apache-2.0
"""The tests of container runtimes, on one kernel."""

import sys

import containerd_test
import docker_test
import endpoint_test
import machines_test
import nested_test
import packaged_test
import podman_test
import profiles_test
import service_test
import slurm_test
import trial
import units_test
from debian import DEBIAN

# In this order: some use the containers, others the images of those before them.
CASES = [
    units_test.UnitTest, docker_test.DockerTest, docker_test.MoveTest, slurm_test.SlurmTest,
    podman_test.PodmanTest, podman_test.PodTest, podman_test.NestedPodmanTest, podman_test.SplitPodmanTest,
    podman_test.RootlessPodmanTest, nested_test.DockerInDockerTest,
    containerd_test.CtrTest, containerd_test.PlainNameTest, containerd_test.KubernetesTest, containerd_test.ConfinedTest,
    docker_test.MovedTest,
    packaged_test.UnitTest, packaged_test.UnitWithoutCapabilitiesTest, packaged_test.PurgedTest,
    profiles_test.MinimalTest, profiles_test.NamesTest, profiles_test.FullTest, profiles_test.BadNodeTest,
    endpoint_test.TlsTest, endpoint_test.BasicAuthTest, endpoint_test.ProxyTest,
    machines_test.LxcTest, machines_test.NspawnTest, machines_test.OtherUnitTest, machines_test.NestedTest,
    service_test.ExpositionTest, service_test.SandboxByDefaultTest, service_test.LogTest,
]

if __name__ == "__main__":
    sys.exit(trial.run(CASES, *sys.argv[1:], DEBIAN, lifetime=900))
