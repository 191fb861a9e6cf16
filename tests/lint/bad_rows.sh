#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compiles bad_rows.cpp and fails unless the errors name each bad metric and the rule that it breaks.
#   bad_rows.sh COMPILER TOP
set -euo pipefail
if errors=$("$1" -std=c++20 -fsyntax-only -I"$2/src" "$2/tests/lint/bad_rows.cpp" 2>&1); then
  echo "rows that break rules compile"
  exit 1
fi
for words in '"cgroup_cpu_usage_total"' 'unit: before _total' '"cgroup_memory_kernel_bytes"' 'file: it has no row' \
  '"cgroup_memory_rss_bytes"' 'the catalog has no metric of that name'; do
  if ! grep -qF -- "$words" <<<"$errors"; then
    printf 'the errors do not say %s:\n%s\n' "$words" "$errors"
    exit 1
  fi
done
