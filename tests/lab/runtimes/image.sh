#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image.sh KERNEL BINARY INITRD: packs an initramfs that lays guest/, the exporter, its Debian package, the image of the Dockerfile and what
# stands in the place of kube-rbac-proxy over the root filesystem of root.sh and starts its systemd. The package is made from the build that
# the binary is of.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"
# shellcheck source=tests/lab/pack.sh
. "$top/tests/lab/pack.sh"

kernel=$top/build/lab/kernels/$1 binary=$2 initrd=$3
here=$top/tests/lab/runtimes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  mkdir -p "$work"/{bin,dev,modules,root}
  add_modules "$work/modules" virtio_pci virtio_blk virtio_net overlay veth
  install -m 755 "$(command -v busybox)" "$work/bin/busybox"
  install -m 755 "$here/init" "$work/init"
  cp -r "$here/guest" "$work/over"
  install -m 755 -D "$top/tests/lab/guest/control.cgi" "$work/over/lab/www/cgi-bin/sh"
  mkdir -p "$work"/over/lab/rootfs/{bin,dev,etc,proc,root,run,sys,tmp,usr}
  add_busybox "$work/over/lab/rootfs/bin"
  add_exporter "$work/over/lab/exporter"
  add_package "$work/over/lab"
  add_proxy "$work/over/lab/proxy"
  cp "$(as_root "$top/tests/deploy/image_archive.py")" "$work/over/lab/image.tar"
  pack "$work" "$initrd"
}

# add_exporter DIRECTORY: the exporter with libraries and a loader of its own, because those of the host may be newer than Debian 12's.
add_exporter() {
  local library
  mkdir -p "$1/lib"
  install -m 755 "$binary" "$1/cgroup2_exporter"
  libraries_of "$binary" | while read -r library; do
    install -m 755 "$library" "$1/lib/"
  done
  mv "$1"/lib/ld-linux-*.so.* "$1/loader"
}

# add_proxy DIRECTORY: an image's only layer with proxy/main.go, which needs no library.
add_proxy() {
  mkdir "$1"
  (cd "$here/proxy" && GO111MODULE=off GOFLAGS='' GOCACHE=$work/cache CGO_ENABLED=0 /usr/bin/go build -ldflags '-s -w' -o "$1/kube-rbac-proxy" .)
  rm -r "$work/cache"
}

# add_package DIRECTORY: cgroup2-exporter.deb. Its program may need newer libraries than Debian 12's, as the one beside it: then `foreign`
# is there too.
add_package() {
  cpack -G DEB --config "${binary%/*}/CPackConfig.cmake" -B "$work/package" >"$work/package.log" 2>&1 || { cat "$work/package.log" >&2 && return 1; }
  mv "$work"/package/*.deb "$1/cgroup2-exporter.deb"
  rm -r "$work/package" "$work/package.log"
  # shellcheck source=/dev/null
  [ "$(. /etc/os-release && echo "$VERSION_CODENAME")" = bookworm ] || touch "$1/foreign"
}

main
