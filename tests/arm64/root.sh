#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# root.sh PACKAGE...: unpacks Debian 12's arm64 packages, and what they need, into third_party/arm64: what the exporter and its tests are
# cross-built with (cmake/arm64.cmake), and what the lab's machines of arm64 run. Does nothing if they are there.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

target=$top/third_party/arm64
programs=(busybox-static crun runc util-linux) # of the lab: see tests/lab/image.sh

main() {
  local packages=("$@" libstdc++-12-dev "${programs[@]}") work deb
  [ "$(cat "$target.packages" 2>/dev/null)" = "${packages[*]}" ] && [ -d "$target" ] && return
  echo "unpacking arm64 packages" >&2
  private_apt deb bookworm arm64
  mkdir -p "$top/third_party"
  work=$(mktemp -d "$top/third_party/.arm64.XXXXXX")
  mkdir "$work/partial" # apt wants it
  # Nothing is installed: there is no other apt to lock out.
  apt-get "${apt_options[@]}" -o Debug::NoLocking=1 -o "Dir::Cache::archives=$work" --yes --no-install-recommends --download-only \
    install "${packages[@]}" >/dev/null
  for deb in "$work"/*.deb; do dpkg-deb -x "$deb" "$work/root"; done
  make_links_relative "$work/root"
  rm -rf "$target"
  mv "$work/root" "$target"
  rm -rf "$work"
  echo "${packages[*]}" >"$target.packages"
}

# The absolute links of packages would lead out of the root.
make_links_relative() {
  find "$1" -type l -lname '/*' -printf '%P\t%l\n' | while IFS=$'\t' read -r link to; do
    ln -sfn --relative "$1$to" "$1/$link"
  done
}

main "$@"
