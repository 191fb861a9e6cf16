#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image.sh KERNEL BINARY INITRD: packs an initramfs with the exporter, container runtimes and everything in guest/.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
# shellcheck source=tests/lab/pack.sh
. "$top/tests/lab/pack.sh"

kernel=$top/build/lab/kernels/$1 binary=$2 initrd=$3
guest=$top/tests/lab/guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  mkdir -p "$work"/{bin,dev,etc,lib,lib64,modules,root,usr/bin,lab/www/cgi-bin,lab/rootfs/{bin,dev,proc,sys,tmp}}
  add_modules "$work/modules" virtio_pci virtio_blk virtio_net loop bfq
  install -m 755 "$(command -v busybox)" "$work/bin/busybox"
  add_busybox "$work/lab/rootfs/bin"
  add_program "$binary" cgroup2_exporter
  add_program "$(dirname "$binary")/tests/lab_load" load
  add_program "$(dirname "$binary")/tests/lab_peaks" peaks
  add_program "$(dirname "$binary")/tests/lab_writes" writes
  add_program "$(command -v crun)" crun
  add_program "$(command -v runc)" runc
  add_program "$(command -v unshare)" unshare # busybox's knows no cgroup namespaces
  install -m 755 "$guest/init" "$work/init"
  install -m 755 "$guest"/{main,exporter,record,storm.sh} "$work/lab/"
  install -m 644 "$guest"/{stage.sh,values.sh,welcome} "$work/lab/"
  install -m 755 "$guest/control.cgi" "$work/lab/www/cgi-bin/sh"
  pack "$work" "$initrd"
}

# add_program FILE NAME: the program and the shared libraries that it needs, where its loader looks for them.
add_program() {
  local library
  install -m 755 "$1" "$work/usr/bin/$2"
  libraries_of "$1" | while read -r library; do
    install -m 755 -D "$library" "$work${library}"
  done
}

main
