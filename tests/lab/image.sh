#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image.sh KERNEL BINARY INITRD: packs an initramfs with the exporter, container runtimes and everything in guest/.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

kernel=$top/build/lab/kernels/$1 binary=$2 initrd=$3
guest=$top/tests/lab/guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  mkdir -p "$work"/{bin,dev,etc,lib,lib64,modules,root,usr/bin,lab/www/cgi-bin,lab/rootfs/{bin,dev,proc,sys,tmp}}
  add_modules virtio_pci virtio_blk virtio_net loop bfq
  install -m 755 "$(command -v busybox)" "$work/bin/busybox"
  cp -a "$work/bin/busybox" "$work/lab/rootfs/bin/"
  add_applets "$work/lab/rootfs/bin"
  add_program "$binary" cgroup2_exporter
  add_program "$(command -v crun)" crun
  add_program "$(command -v runc)" runc
  add_program "$(command -v unshare)" unshare # busybox's knows no cgroup namespaces
  install -m 755 "$guest/init" "$work/init"
  install -m 755 "$guest"/{main,exporter,record} "$work/lab/"
  install -m 644 "$guest"/{stage.sh,values.sh,welcome} "$work/lab/"
  install -m 755 "$guest/control.cgi" "$work/lab/www/cgi-bin/sh"
  (cd "$work" && find . | cpio --quiet --create --format newc --owner 0:0) >"$initrd"
}

# The modules in the order in which insmod wants them, unpacked.
add_modules() {
  local version module file order=10
  version=$(basename "$kernel"/lib/modules/*)
  for module in "$@"; do
    modprobe --dirname "$kernel" --set-version "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    case $file in
      *.xz) xz -dc "$file" >"$work/modules/$order-$(basename "${file%.xz}")" ;;
      *) cp "$file" "$work/modules/$order-$(basename "$file")" ;;
    esac
    order=$((order + 1))
  done
}

# add_program FILE NAME: the program and the shared libraries that it needs, where its loader looks for them.
add_program() {
  local library
  install -m 755 "$1" "$work/usr/bin/$2"
  { ldd "$1" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
    install -m 755 -D "$library" "$work${library}"
  done
}

add_applets() {
  local applet
  for applet in $(busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$1/$applet"
  done
}

main
