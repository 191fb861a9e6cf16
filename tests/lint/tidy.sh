#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tidy.sh TOP BUILD: fails for what clang-tidy finds in src by .clang-tidy. Checks and their mistakes differ between versions; 14 decides, and
# without it the test is skipped. The build directory is GCC's, of whose options clang does not know all.
set -euo pipefail
command -v run-clang-tidy-14 || exit 77
run-clang-tidy-14 -quiet -p "$2" -extra-arg=-Wno-unknown-warning-option "^$1/src/"
