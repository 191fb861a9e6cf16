# SPDX-License-Identifier: Apache-2.0
"""Boots one kernel with the stage set and leaves its console, with a shell, to whoever started it."""

import pathlib
import subprocess
import sys
import tempfile

from machine import build_image, qemu_command


def main(kernel, binary, address):
    with tempfile.TemporaryDirectory(prefix="lab.") as name:
        directory = pathlib.Path(name)
        build_image(kernel, binary, directory)
        print(f"Booting {kernel}. Look at http://{address}/metrics from here; `exit` or Ctrl-A X ends it.", flush=True)
        command = qemu_command(kernel, directory, [(address, 9306)], "lab.shell", console="mon:stdio")
        return subprocess.run(command).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
