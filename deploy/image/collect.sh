#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# collect.sh BINARY DIRECTORY: makes the root of the image: the program without symbols, the libraries that it needs where its loader looks
# for them, CA certificates, and the licences of all of it.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: deploy/image/collect.sh BINARY DIRECTORY" >&2 && exit 2; }
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binary=$1 root=$2

# add_licence FILE: that of the package that FILE is of, which may have been moved into /usr.
add_licence() {
  local file package
  for file in "$1" "/usr$1" "${1#/usr}"; do
    package=$({ dpkg-query --search "$file" 2>/dev/null || true; } | sed -n '1s/:.*//p')
    [ -z "$package" ] || break
  done
  [ -n "$package" ] || { echo "no package has $1" >&2 && return 1; }
  install -m 644 -D "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
}

install -m 755 -D "$binary" "$root/usr/bin/cgroup2_exporter"
strip "$root/usr/bin/cgroup2_exporter"
ldd "$binary" | grep -o '/[^ ]*' | while read -r library; do
  install -m 755 -D "$library" "$root$library"
  add_licence "$library"
done
install -m 644 -D /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
install -m 644 -D /usr/share/doc/ca-certificates/copyright "$root/usr/share/doc/ca-certificates/copyright"
install -m 644 -D "$top/deploy/debian/copyright" "$root/usr/share/doc/cgroup2-exporter/copyright"
install -m 644 -D "$top/LICENSE" "$root/usr/share/doc/cgroup2-exporter/LICENSE"
install -m 644 -D "$top/config/cgroup2_exporter.yaml" "$root/usr/share/doc/cgroup2-exporter/config.yaml"
# Counts of OOM kills, for those who mount nothing there.
install -d -m 1777 "$root/var/lib/cgroup2_exporter"
