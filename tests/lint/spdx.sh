#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fails for a file of code that does not say its licence in its first three lines.
set -euo pipefail
cd "$1"
find src tests scripts tools cmake config deploy dashboards .ci .github CMakeLists.txt -type f \
  \( -name '*.cpp' -o -name '*.h' -o -name '*.css' -o -name '*.py' -o -name '*.mjs' -o -name '*.go' -o -name '*.sh' -o -name '*.cmake' -o -name '*.yaml' -o -name '*.yml' -o -name '*.service' -o -name '*.conf' -o -name '*.sysusers' -o -name '*.tmpfiles' -o -name 'CMakeLists.txt' -o -path 'scripts/*' -o -path '.ci/*' \) \
  -not -path 'tests/golden/*/*' -not -path 'tests/browser/node_modules/*' -not -name '*.pyc' -print0 |
  xargs -0 awk '
    FNR > 3 { nextfile }
    /SPDX-License-Identifier: Apache-2.0/ { has[FILENAME] = 1 }
    END {
      for (i = 1; i < ARGC; i++) if (!(ARGV[i] in has)) { print ARGV[i] ": no SPDX line"; status = 1 }
      exit status
    }'
