#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
# The cgroup driver that the kernel's command line names (lab.driver=), swap, and a root whose mounts are seen by pods.
set -eu
if grep -qw lab.driver=cgroupfs /proc/cmdline; then
  sed -i 's/^SystemdCgroup = true/SystemdCgroup = false/' /etc/containerd/config.toml
  # With this driver each process is killed alone, as some clusters have it.
  sed -i -e 's/^cgroupDriver: .*/cgroupDriver: cgroupfs/' -e 's/^singleProcessOOMKill: .*/singleProcessOOMKill: true/' /etc/kubernetes/kubelet.yaml
fi
mkdir -p /etc/kubernetes/manifests
mount --make-rshared /
dd if=/dev/zero of=/swap bs=1M count=256 status=none
chmod 600 /swap
mkswap -q /swap
swapon /swap
