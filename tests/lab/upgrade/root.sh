#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# root.sh OLD.deb NEW.deb: makes build/lab/upgrade/root.ext4, a minimal Debian 12 with systemd, what both packages depend on, and the packages
# themselves in /root. Does nothing if it is there and was made of these packages by this very script.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

target=$top/build/lab/upgrade/root.ext4

# depends_of DEB...: the names of the packages, the first where there is a choice.
depends_of() {
  local deb
  for deb in "$@"; do dpkg-deb -f "$deb" Depends; done | tr ',' '\n' | awk 'NF { print $1 }' | sort -u
}

main() {
  local key packages
  key=$(cat "${BASH_SOURCE[0]}" "$@" | sha256sum)
  if [ -e "$target" ] && [ "$(cat "$target.key" 2>/dev/null)" = "$key" ]; then return; fi
  echo "making a Debian 12 with systemd" >&2
  mapfile -t packages < <(depends_of "$@")
  mkdir -p "${target%/*}"
  work=$(mktemp -d "${target%/*}/.root.XXXXXX")
  trap 'as_root rm -rf "$work"' EXIT
  # shellcheck disable=SC2016 # $1 is for the hook
  as_root mmdebstrap --mode=root --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
    --include="$(IFS=, && echo systemd-sysv,busybox-static,"${packages[*]}")" --aptopt='APT::Install-Recommends "false"' \
    --customize-hook='echo 0123456789abcdef0123456789abcdef >"$1/etc/machine-id"' \
    bookworm "$work/root" "$(debian_mirror)" >"$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }
  as_root cp "$1" "$work/root/root/old.deb"
  as_root cp "$2" "$work/root/root/new.deb"
  truncate -s 1G "$work/ext4"
  as_root mke2fs -q -t ext4 -O ^has_journal -m 0 -E root_owner=0:0 -d "$work/root" "$work/ext4"
  mv "$work/ext4" "$target"
  echo "$key" >"$target.key"
}

main "$@"
