# SPDX-License-Identifier: Apache-2.0
"""Storms of OOM kills, on one kernel."""

import sys

import storm_test
import trial

if __name__ == "__main__":
    sys.exit(trial.run([storm_test.StormTest], *sys.argv[1:], lifetime=860))
