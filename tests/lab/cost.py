# SPDX-License-Identifier: Apache-2.0
"""What the exporter costs and bears, on one kernel."""

import sys

import cost_test
import trial

if __name__ == "__main__":
    sys.exit(trial.run([cost_test.CostTest], *sys.argv[1:], lifetime=540))
