# SPDX-License-Identifier: Apache-2.0
"""run.py KERNEL: the tests of an upgrade, in a Debian 12 with the packages that root.sh was given."""

import pathlib
import sys

import trial
import upgrade_test
from machine import Image

HERE = pathlib.Path(__file__).resolve().parent
DEBIAN = Image(HERE / "image.sh", ("-smp", "2", "-m", "1G"), HERE.parent.parent.parent / "build/lab/upgrade/root.ext4", patience=180)

if __name__ == "__main__":
    sys.exit(trial.run([upgrade_test.UpgradeTest], sys.argv[1], "-", DEBIAN, lifetime=1200))
