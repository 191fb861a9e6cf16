#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image.sh KERNEL BINARY INITRD: packs an initramfs that lays guest/, the programs of programs.sh and images over the root filesystem of
# runtimes/root.sh and starts its systemd. The exporter comes in the image of the Dockerfile, whatever BINARY is.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"
# shellcheck source=tests/lab/pack.sh
. "$top/tests/lab/pack.sh"

kernel=$top/build/lab/kernels/$1 initrd=$3
here=$top/tests/lab/kubernetes runtimes=$top/tests/lab/runtimes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  mkdir -p "$work"/{bin,dev,modules,root} "$work"/over/usr/bin "$work"/over/lab/www/cgi-bin
  add_modules "$work/modules" virtio_pci virtio_blk virtio_net overlay bridge br_netfilter veth
  install -m 755 "$(command -v busybox)" "$work/bin/busybox"
  install -m 755 "$runtimes/init" "$work/init"
  cp -r "$here/guest/." "$work/over/"
  install -m 644 -D "$runtimes/guest/etc/systemd/system/lab-control.service" "$work/over/etc/systemd/system/"
  install -m 755 "$top/tests/lab/guest/control.cgi" "$work/over/lab/www/cgi-bin/sh"
  install -m 755 "$top"/build/lab/kubernetes/programs/* "$work/over/usr/bin/"
  add_tools
  cp "$(as_root "$top/tests/deploy/image_archive.py")" "$work/over/lab/exporter.tar"
  pack "$work" "$initrd"
}

# What all pods but the exporter's run: busybox, and in the pause container its sleep.
add_tools() {
  mkdir -p "$work"/tools/{bin,tmp}
  chmod 1777 "$work/tools/tmp"
  add_busybox "$work/tools/bin"
  "$here/archive.py" "$work/over/lab/tools.tar" "$work/tools" registry.example/tools:1
  mkdir -p "$work/pause/bin"
  install -m 755 "$(command -v busybox)" "$work/pause/bin/sleep"
  "$here/archive.py" "$work/over/lab/pause.tar" "$work/pause" registry.example/pause:1
  rm -r "$work"/{tools,pause}
}

main
