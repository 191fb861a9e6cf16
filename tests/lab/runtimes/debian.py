# SPDX-License-Identifier: Apache-2.0
"""The machine of these tests: Debian 12 with systemd and its container runtimes."""

import pathlib

from machine import Image

HERE = pathlib.Path(__file__).resolve().parent
POD_PORT = 9443  # that of the relay to a pod: endpoint_test.py
ROOT = HERE.parent.parent.parent / "build/lab/runtimes/root.ext4"

# Without AppArmor, because runtimes that find it in the kernel want its parser.
DEBIAN = Image(HERE / "image.sh", ("-smp", "2", "-m", "1536M"), ROOT, append="apparmor=0", patience=180,
               ports=(POD_PORT,))
