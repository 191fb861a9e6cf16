#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the kernels that the lab boots, from Debian: build/lab/kernels/6.1 and 6.12. Skips those that are there.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

# fetch_kernel VERSION SUITE: the cloud kernel that SUITE's meta package points to.
fetch_kernel() {
  local target=$top/build/lab/kernels/$1 suite=$2 image work
  [ ! -e "$target" ] || return 0
  echo "fetching kernel $1 from $suite" >&2
  private_apt deb "$suite"
  image=$(apt-cache "${apt_options[@]}" show linux-image-cloud-amd64 | sed -n 's/^Depends: \([^ ,]*\).*/\1/p' | sed -n 1p)
  case "$image" in
    "linux-image-$1."*) ;;
    *) echo "$suite has no kernel $1: its meta package names '$image'" >&2 && return 1 ;;
  esac
  mkdir -p "$top/build/lab/kernels"
  work=$(mktemp -d "$top/build/lab/kernels/.fetch.XXXXXX")
  (cd "$work" && apt-get "${apt_options[@]}" download "$image" >/dev/null && dpkg-deb -x ./*.deb tree)
  depmod -b "$work/tree" "$(basename "$work"/tree/lib/modules/*)"
  mv "$work/tree" "$target"
  rm -rf "$work"
}

fetch_kernel 6.1 bookworm
fetch_kernel 6.12 bookworm-backports
