#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image.sh KERNEL - INITRD: packs an initramfs that lays guest/ over the root filesystem of root.sh and starts its systemd.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"
# shellcheck source=tests/lab/pack.sh
. "$top/tests/lab/pack.sh"

kernel=$top/build/lab/kernels/$1 initrd=$3
here=$top/tests/lab/upgrade
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/{bin,dev,modules,root}
add_modules "$work/modules" virtio_pci virtio_blk virtio_net
install -m 755 "$(command -v busybox)" "$work/bin/busybox"
install -m 755 "$top/tests/lab/runtimes/init" "$work/init"
cp -r "$here/guest" "$work/over"
install -m 755 -D "$top/tests/lab/guest/control.cgi" "$work/over/lab/www/cgi-bin/sh"
install -m 755 "$top/tests/lab/guest/storm.sh" "$work/over/lab/storm.sh"
pack "$work" "$initrd"
