#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds build/lab/kubernetes/programs: kubelet, containerd with its shim, and ctr, from the Go modules that kubelet/go.mod and containerd/go.mod
# pin. Does nothing if they are there and were made from these very files.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

here=$top/tests/lab/kubernetes
target=$top/build/lab/kubernetes/programs
# What containerd would need libraries or more code for, and the node does not use.
containerd_tags=no_btrfs,no_zfs,no_devmapper,no_aufs,no_tracing

main() {
  local key work
  key=$(cat "${BASH_SOURCE[0]}" "$here"/*/go.mod "$here"/*/go.sum "$here"/*/programs.go | sha256sum)
  if [ -e "$target/kubelet" ] && [ "$(cat "$target.key" 2>/dev/null)" = "$key" ]; then return; fi
  check_go
  mkdir -p "${target%/*}"
  work=$(mktemp -d "${target%/*}/.programs.XXXXXX")
  # shellcheck disable=SC2064 # expanded now: work is local
  trap "rm -rf '$work'" EXIT
  build containerd "$work" github.com/containerd/containerd/v2 github.com/containerd/containerd/v2/version.Version
  build kubelet "$work" k8s.io/kubernetes k8s.io/component-base/version.gitVersion
  chmod 755 "$work"
  rm -rf "$target"
  mv "$work" "$target"
  echo "$key" >"$target.key"
}

# The go command itself fetches the version that a go.mod wants, if it is 1.21 or newer and may.
check_go() {
  local wanted
  wanted=$(cat "$here"/*/go.mod | sed -n 's/^go //p' | sort -V | tail -n 1)
  (cd "$here/containerd" && go list -m) >/dev/null 2>&1 && (cd "$here/kubelet" && go list -m) >/dev/null 2>&1 && return
  echo "The kubelet is built with Go $wanted or newer, and here is $(GOTOOLCHAIN=local go version 2>/dev/null || echo none)." \
    "Install it from https://go.dev/dl and put its directory bin in front of PATH; any Go from 1.21 on fetches it with GOTOOLCHAIN=auto." >&2
  return 1
}

# build DIRECTORY TARGET MODULE VARIABLE: what programs.go in there imports; the VARIABLE has the module's version.
build() {
  local version packages
  version=$(cd "$here/$1" && go list -m -f '{{.Version}}' "$3")
  mapfile -t packages < <(sed -n 's/^.*_ "\(.*\)"$/\1/p' "$here/$1/programs.go")
  echo "building $1 $version" >&2
  (cd "$here/$1" && CGO_ENABLED=0 go build -trimpath -tags "$containerd_tags" -ldflags "-s -w -X $4=$version" -o "$2/" "${packages[@]}")
}

main
