#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# root.sh PACKAGE...: prints the path of a tar of this host's own distribution with these packages, manual pages included. Made once
# below build/deploy/ and taken again while neither this script nor the packages change.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

# Prints the archives that apt takes this distribution from, as lines of sources.list.
archives() {
  # shellcheck disable=SC2016 # the variables are for apt
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' "Origin: $1" "Label: $1"
  # shellcheck disable=SC2016
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' "Origin: $1" "Label: $1-Security"
}

main() {
  local key target distribution work valid=
  # shellcheck source=/dev/null
  distribution=$(. /etc/os-release && echo "$ID")
  case $distribution in
    debian) distribution=Debian ;;
    ubuntu) distribution=Ubuntu ;;
    *) echo "neither Debian nor Ubuntu: $distribution" >&2 && return 1 ;;
  esac
  key=$({ cat "${BASH_SOURCE[0]}" && echo "$@"; } | sha256sum | cut -c1-16)
  target=$top/build/deploy/root-$key.tar
  mkdir -p "${target%/*}"
  exec 9>"$top/build/deploy/.root.lock"
  flock 9
  if [ ! -e "$target" ]; then
    echo "making a $distribution with $*" >&2
    [ -n "$(archives "$distribution")" ] || host_apt_get update >/dev/null # without package lists apt does not know its archives
    work=$(mktemp -d "$top/build/deploy/.root.XXXXXX")
    # shellcheck disable=SC2064 # expanded now: $work is local
    trap "as_root rm -rf '$work'" EXIT
    archives "$distribution" >"$work/sources.list"
    # As this host's own apt is told.
    eval "$(apt-config shell valid Acquire::Check-Valid-Until)"
    as_root mmdebstrap --mode=root --variant=minbase --include="$(IFS=, && echo "$*")" --aptopt='APT::Install-Recommends "false"' \
      --aptopt="Acquire::Check-Valid-Until \"${valid:-true}\"" \
      "$(host_codename)" "$work/root.tar" - <"$work/sources.list" >"$work/log" 2>&1 ||
      { cat "$work/log" >&2 && return 1; }
    mv "$work/root.tar" "$target"
  fi
  echo "$target"
}

main "$@"
