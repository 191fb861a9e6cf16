# SPDX-License-Identifier: Apache-2.0
# Functions that pack an initramfs. Source it with `kernel` set to a directory of kernels.sh. Programs of the machine are the host's, or
# those that tests/arm64/root.sh unpacks, if the kernel is of arm64 and the host is not.
# shellcheck shell=bash
# shellcheck disable=SC2154 # kernel

# add_modules DIRECTORY MODULE...: the modules in the order in which insmod wants them, unpacked.
add_modules() {
  local directory=$1 version module file order=10
  shift
  version=$(basename "$kernel"/lib/modules/*)
  for module in "$@"; do
    modprobe --dirname "$kernel" --set-version "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    case $file in
      *.xz) xz -dc "$file" >"$directory/$order-$(basename "${file%.xz}")" ;;
      *) cp "$file" "$directory/$order-$(basename "$file")" ;;
    esac
    order=$((order + 1))
  done
}

# Prints the directory below which the machine's programs are; nothing if they are the host's.
programs_root() {
  case $kernel in
    *-arm64*) [ "$(dpkg --print-architecture)" = arm64 ] || echo "$top/third_party/arm64" ;;
  esac
}

# program NAME: where the machine's program is on the host.
program() {
  local root
  root=$(programs_root)
  [ -z "$root" ] || local PATH=$root/bin:$root/usr/bin:$root/usr/sbin
  command -v "$1"
}

# libraries_of FILE: the shared libraries that the program needs, and its loader, as paths in the machine.
libraries_of() {
  local root
  root=$(programs_root)
  readelf --segments "$1" | grep INTERP >/dev/null || return 0 # a static program needs none
  if [ -n "$root" ]; then
    qemu-aarch64 "$root/lib/ld-linux-aarch64.so.1" --library-path "$root/lib/aarch64-linux-gnu:$root/usr/lib/aarch64-linux-gnu" --list "$1"
  else
    ldd "$1"
  fi | grep -o '/[^ ]*' | sed "s:^$root::" | sort -u
}

# add_busybox DIRECTORY: busybox and all its applets. The host's is of the same version.
add_busybox() {
  local applet
  install -m 755 "$(program busybox)" "$1/busybox"
  for applet in $(busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$1/$applet"
  done
}

# pack DIRECTORY INITRD
pack() {
  (cd "$1" && find . | cpio --quiet --create --format newc --owner 0:0) >"$2"
}
