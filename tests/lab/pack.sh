# SPDX-License-Identifier: Apache-2.0
# Functions that pack an initramfs. Source it with `kernel` set to a directory of kernels.sh.
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

# libraries_of FILE: the shared libraries that the program needs, and its loader.
libraries_of() {
  { ldd "$1" 2>/dev/null | grep -o '/[^ ]*'; } || true # a static program needs none
}

# add_busybox DIRECTORY: busybox and all its applets.
add_busybox() {
  local applet
  install -m 755 "$(command -v busybox)" "$1/busybox"
  for applet in $(busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$1/$applet"
  done
}

# pack DIRECTORY INITRD
pack() {
  (cd "$1" && find . | cpio --quiet --create --format newc --owner 0:0) >"$2"
}
