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
build=$(dirname "$binary")
[ -d "$build/tests" ] || build=$(dirname "$build") # the program in one file is one level below
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  mkdir -p "$work"/{bin,dev,etc,lib,lib64,modules,root,usr/bin,lab/www/cgi-bin,lab/rootfs/{bin,dev,proc,sys,tmp}}
  add_modules "$work/modules" virtio_pci virtio_blk virtio_net loop bfq
  install -m 755 "$(program busybox)" "$work/bin/busybox"
  add_busybox "$work/lab/rootfs/bin"
  add_program "$binary" cgroup2_exporter
  add_program "$build/tests/lab_bursts" bursts
  add_program "$build/tests/lab_load" load
  add_program "$build/tests/lab_peaks" peaks
  add_program "$build/tests/lab_writes" writes
  add_program "$(program crun)" crun
  add_program "$(program runc)" runc
  add_program "$(program unshare)" unshare # busybox's knows no cgroup namespaces
  install -m 755 "$guest/init" "$work/init"
  install -m 755 "$guest"/{main,exporter,record,storm.sh} "$work/lab/"
  install -m 644 "$guest"/{stage.sh,values.sh,welcome} "$work/lab/"
  install -m 755 "$guest/control.cgi" "$work/lab/www/cgi-bin/sh"
  [ -z "$(programs_root)" ] || add_unit_tests
  pack "$work" "$initrd"
}

# The unit tests that are built, for units_test.py, with the files that they read where they look for them, and those that every Linux has.
add_unit_tests() {
  local program
  for program in "$build"/tests/unit_*; do
    case $program in
      *.cmake) ;; # CMake's list of its tests
      *)
        mkdir -p "$work/lab/unit"
        add_program "$program" "../../lab/unit/$(basename "$program")"
        aarch64-linux-gnu-strip "$work/lab/unit/$(basename "$program")"
        ;;
    esac
  done
  mkdir "$work/lab/source"
  (cd "$top" && cp -a --parents tests/unit/identity tests/cadvisor tests/fuzz/seeds src/status/style.css config "$work/lab/source/")
  echo "$top" >"$work/lab/source.path"
  echo 'root:x:0:0::/root:/bin/sh' >"$work/etc/passwd"
  echo 'root:*:20000::::::' >"$work/etc/shadow"
  printf '%s localhost\n' 127.0.0.1 ::1 >"$work/etc/hosts"
  echo 'hosts: files' >"$work/etc/nsswitch.conf"
}

# add_program FILE NAME: the program and the shared libraries that it needs, where its loader looks for them.
add_program() {
  local library root
  root=$(programs_root)
  install -m 755 "$1" "$work/usr/bin/$2"
  libraries_of "$1" | while read -r library; do
    install -m 755 -D "$root$library" "$work$library"
  done
}

main
