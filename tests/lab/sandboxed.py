# SPDX-License-Identifier: Apache-2.0
"""What an exporter's cgroup_exporter_sandbox must say on a kernel: docs/configuration.md#sandbox."""

import re

SAMPLE = re.compile(r'^cgroup_exporter_sandbox\{layer="(\w+)",thread="(\w+)"\} ([01])$', re.MULTILINE)
# Landlock would close the files of the main thread, which reads the configuration again, and the namespaces to the prober.
LAYERS = {
    "main": ("capabilities", "seccomp"),
    "poller": ("capabilities", "landlock", "seccomp"),
    "prober": ("capabilities", "seccomp"),
    "filesystems": ("capabilities", "landlock", "seccomp"),
    "watcher": ("capabilities", "landlock", "seccomp"),
    "http": ("capabilities", "landlock", "seccomp"),
}
# With the collectors memory_recent_peak and pressure_bursts.
MORE = {thread: ("capabilities", "landlock", "seccomp") for thread in ("peak_opener", "burst_counter")}


def said(exposition):
    """(thread, layer) -> 1 or 0."""
    return {(thread, layer): int(value) for layer, thread, value in SAMPLE.findall(exposition)}


def expected(kernel, more=None):
    """The same of a sandbox that lacks only what the kernel does not have: Landlock came with 5.13. `more` has more threads."""
    return {(thread, layer): int(layer != "landlock" or kernel != "5.10") for thread, layers in (LAYERS | (more or {})).items() for layer in layers}
