# SPDX-License-Identifier: Apache-2.0
"""What triggers of PSI do and cost, on one kernel; no test of the exporter, and so in no part of scripts/test."""

import sys

import bursts_test
import trial

if __name__ == "__main__":
    sys.exit(trial.run([bursts_test.TriggersTest], *sys.argv[1:], lifetime=240))
