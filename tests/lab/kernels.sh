#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kernels.sh [ARCHITECTURE]: fetches the kernels that the lab boots, from Debian: build/lab/kernels/NAME/vmlinuz and lib/modules. Skips those
# that are there. ARCHITECTURE is amd64 or arm64, the host's if it is not given. NAME is the kernel's version, and what it
# has of its own: the architecture, the size of pages.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

# needed_packages PACKAGE: the versioned packages of the kernel behind a meta package. Newer ones are split into several.
needed_packages() {
  local needed
  apt-cache "${apt_options[@]}" show "$1" | sed -n 's/^Depends: //p' | sed -n 1p | tr ',' '\n' | awk '{ print $1 }' |
    while read -r needed; do
      case $needed in
        linux-image-[0-9]* | linux-base-[0-9]* | linux-binary-[0-9]* | linux-modules-[0-9]*) echo "$needed" && needed_packages "$needed" ;;
      esac
    done
}

# fetch_kernel NAME SUITE [FLAVOUR]: the kernel that SUITE's meta package points to, the cloud kernel if no flavour is given.
fetch_kernel() {
  local target=$top/build/lab/kernels/$1 suite=$2 flavour=${3:-cloud-$architecture} version=${1%%-*} packages work release
  [ ! -e "$target/vmlinuz" ] || return 0
  echo "fetching kernel $1 from $suite" >&2
  private_apt deb "$suite" "$architecture"
  mapfile -t packages < <(needed_packages "linux-image-$flavour" | sort -u)
  case "${packages[*]}" in
    *linux-image-"$version".*) ;;
    *) echo "$suite has no kernel $version: its meta package names '${packages[*]}'" >&2 && return 1 ;;
  esac
  mkdir -p "$top/build/lab/kernels"
  work=$(mktemp -d "$top/build/lab/kernels/.fetch.XXXXXX")
  (cd "$work" && apt-get "${apt_options[@]}" download "${packages[@]}" >/dev/null && for deb in ./*.deb; do dpkg-deb -x "$deb" tree; done)
  mkdir -p "$work/kernel/lib"
  [ ! -d "$work/tree/usr/lib/modules" ] || cp -a "$work/tree/usr/lib/modules" "$work/kernel/lib/"
  [ ! -d "$work/tree/lib/modules" ] || cp -a "$work/tree/lib/modules" "$work/kernel/lib/"
  release=$(basename "$work"/kernel/lib/modules/*)
  mv "$(first_of "$work"/tree/boot/vmlinuz-* "$work/kernel/lib/modules/$release/vmlinuz")" "$work/kernel/vmlinuz"
  depmod -b "$work/kernel" "$release"
  rm -rf "$target"
  mv "$work/kernel" "$target"
  rm -rf "$work"
}

# first_of PATH...: the first that exists.
first_of() {
  local path
  for path in "$@"; do
    [ ! -e "$path" ] || { echo "$path" && return; }
  done
  echo "none of these exists: $*" >&2
  return 1
}

architecture=${1:-$(dpkg --print-architecture)}
case $architecture in
  amd64)
    fetch_kernel 5.10 bullseye
    fetch_kernel 6.1 bookworm
    fetch_kernel 6.12 bookworm-backports
    fetch_kernel 7 trixie-backports
    ;;
  arm64)
    fetch_kernel 6.1-arm64 bookworm
    fetch_kernel 6.12-arm64 bookworm-backports
    fetch_kernel 6.12-arm64-16k trixie arm64-16k # no package of Debian has pages of 64 KiB
    ;;
  *) echo "no kernels of $architecture" >&2 && exit 1 ;;
esac
