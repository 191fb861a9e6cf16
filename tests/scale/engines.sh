#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the servers that scripts/scale measures, from Debian's suites: build/scale/SUITE/usr/bin. Skips those that are there. A suite that has
# none, or a program that does not run here, is left out with a message.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

# fetch SUITE PACKAGE...
fetch() {
  local suite=$1 target=$top/build/scale/$1 work
  [ ! -e "$target" ] || return 0
  echo "fetching ${*:2} from $suite" >&2
  mkdir -p "$top/build/scale"
  work=$(mktemp -d "$top/build/scale/.fetch.XXXXXX")
  if (private_apt deb "$suite" && cd "$work" && apt-get "${apt_options[@]}" download "${@:2}" >/dev/null && for deb in ./*.deb; do dpkg-deb -x "$deb" tree; done); then
    mv "$work/tree" "$target"
  else
    echo "$suite: left out" >&2
  fi
  rm -rf "$work"
}

fetch bookworm prometheus victoria-metrics
fetch trixie prometheus victoria-metrics
fetch sid prometheus
