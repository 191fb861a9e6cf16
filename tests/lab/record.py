# SPDX-License-Identifier: Apache-2.0
"""Boots one kernel, sets the stage, puts some load on it, and saves what an exporter would read as a tree of files."""

import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from case import id_of
from machine import Machine

# So that the interesting counters are not zero.
LOAD = f"""
! crun exec {id_of('bare')} tail /dev/zero || exit 1
runc exec {id_of('pod')} dd if=/dev/zero of=/dev/vda bs=65536 count=64 oflag=direct
runc exec {id_of('pod')} dd if=/dev/zero of=/tmp/fill bs=1048576 count=24
crun exec {id_of('docker')} timeout 3 sh -c 'while :; do :; done'
crun exec {id_of('docker')} sh -c 'i=0; while [ $i -lt 40 ]; do sleep 1 & i=$((i + 1)); done'
sleep 3
"""


def main(kernel, binary, destination):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that `with` cleans up
    target = pathlib.Path(destination)
    with tempfile.TemporaryDirectory(prefix="lab.") as directory, Machine(kernel, binary, pathlib.Path(directory)) as machine:
        machine.sh(LOAD)
        archive = machine.sh("/lab/record 2>/dev/null", timeout=150)
    for part in ("proc", "sys"):
        shutil.rmtree(target / part, ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "--no-same-owner", "-C", target, "-xf", "-"], input=archive, check=True)
    subprocess.run(["chmod", "-R", "u+rwX,go+rX", target / "sys", target / "proc"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
