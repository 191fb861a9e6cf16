#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts.sh TOP COMMAND...: runs the command with every shell script below TOP as its last arguments.
set -euo pipefail
cd "$1"
find .ci scripts deploy tests -type f -not -path 'tests/golden/*/*' -not -path '*/node_modules/*' -print0 |
  xargs -0 grep -lZE -m1 '^#!.*\bsh\b|^#!.*\bbash\b|^# shellcheck shell=' | xargs -0 "${@:2}"
