#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fails for a file of code that does not say its licence in its first two lines.
set -euo pipefail
cd "$1"
status=0
while IFS= read -r -d '' file; do
  if ! head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0'; then
    echo "$file: no SPDX line"
    status=1
  fi
done < <(find src tests scripts tools cmake config deploy dashboards .ci .github CMakeLists.txt -type f \
  \( -name '*.cpp' -o -name '*.h' -o -name '*.py' -o -name '*.mjs' -o -name '*.go' -o -name '*.sh' -o -name '*.cmake' -o -name '*.yaml' -o -name '*.yml' -o -name '*.service' -o -name '*.conf' -o -name '*.sysusers' -o -name '*.tmpfiles' -o -name 'CMakeLists.txt' -o -path 'scripts/*' -o -path '.ci/*' \) \
  -not -path 'tests/golden/*/*' -not -path 'tests/browser/node_modules/*' -not -name '*.pyc' -print0)
exit "$status"
