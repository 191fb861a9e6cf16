# SPDX-License-Identifier: Apache-2.0
"""What tenants of a node do to others, on one kernel."""

import sys

import delegated_test
import imitation_test
import tenants_test
import trial

if __name__ == "__main__":
    sys.exit(trial.run([delegated_test.DelegatedTest, imitation_test.ImitationTest, tenants_test.TenantsTest], *sys.argv[1:3]))
