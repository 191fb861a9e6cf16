# SPDX-License-Identifier: Apache-2.0
"""OOM kills of what is replaced, and storms in which the exporter is killed too, on one kernel."""

import sys

import idle_test
import replaced_test
import restarts_test
import trial

if __name__ == "__main__":
    sys.exit(trial.run([replaced_test.ReplacedTest, idle_test.IdleTest, restarts_test.RestartsTest], *sys.argv[1:3], lifetime=860))
