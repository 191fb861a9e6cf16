# SPDX-License-Identifier: Apache-2.0
"""The program in one file in place of the ordinary one, on one kernel: identity, storms of OOM kills, and an empty root."""

import sys

import identity_test
import one_file_test
import storm_test
import trial

if __name__ == "__main__":
    sys.exit(trial.run([identity_test.IdentityTest, storm_test.StormTest, one_file_test.EmptyRootTest], *sys.argv[1:], lifetime=860))
