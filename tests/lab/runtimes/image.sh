#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image.sh KERNEL BINARY INITRD: packs an initramfs that lays guest/ and the exporter over the root filesystem of root.sh and starts
# its systemd.
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
  add_modules "$work/modules" virtio_pci virtio_blk virtio_net overlay
  install -m 755 "$(command -v busybox)" "$work/bin/busybox"
  install -m 755 "$here/init" "$work/init"
  cp -r "$here/guest" "$work/over"
  install -m 755 -D "$top/tests/lab/guest/control.cgi" "$work/over/lab/www/cgi-bin/sh"
  mkdir -p "$work"/over/lab/rootfs/{bin,dev,etc,proc,root,run,sys,tmp,usr}
  add_busybox "$work/over/lab/rootfs/bin"
  add_exporter "$work/over/lab/exporter"
  add_service "$work/over"
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

# add_service DIRECTORY: what the Debian package installs, with exporter.sh in the place of the program.
add_service() {
  local deploy=$top/deploy/systemd
  install -m 755 -D "$here/guest/lab/exporter.sh" "$1/usr/bin/cgroup2_exporter"
  install -m 644 -D "$top/config/cgroup2_exporter.yaml" "$1/etc/cgroup2_exporter/config.yaml"
  install -m 644 -D "$deploy/cgroup2-exporter.service" "$1/usr/lib/systemd/system/cgroup2-exporter.service"
  install -m 644 -D "$deploy/cgroup2-exporter.sysusers" "$1/usr/lib/sysusers.d/cgroup2-exporter.conf"
  install -m 644 -D "$deploy/no-capabilities.conf" "$1/lab/no-capabilities.conf"
}

main
