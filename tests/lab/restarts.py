# SPDX-License-Identifier: Apache-2.0
"""Storms of OOM kills in which the exporter is killed too, on one kernel."""

import sys

import restarts_test
import trial

if __name__ == "__main__":
    sys.exit(trial.run([restarts_test.RestartsTest], *sys.argv[1:3], lifetime=280))
