# SPDX-License-Identifier: Apache-2.0
"""Storms of OOM kills, on one kernel."""

import sys

import storm_test
import trial

if __name__ == "__main__":
    case = storm_test.OwnersTest if "--owners" in sys.argv[3:] else storm_test.StormTest
    sys.exit(trial.run([case], *sys.argv[1:3], lifetime=560))
