# SPDX-License-Identifier: Apache-2.0
"""OOM kills of what is replaced or imitated, a pod beside a user's many cgroups, and storms in which the exporter is killed too."""

import sys

import idle_test
import imitation_test
import replaced_test
import restarts_test
import tenants_test
import trial

if __name__ == "__main__":
    cases = [replaced_test.ReplacedTest, idle_test.IdleTest, imitation_test.ImitationTest, tenants_test.TenantsTest, restarts_test.RestartsTest]
    sys.exit(trial.run(cases, *sys.argv[1:3], lifetime=860))
