#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# collect.sh BINARY DIRECTORY: makes the root of the image: the program in one file without symbols, CA certificates, and the licences of all
# that is in it, which its SBOM names.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: deploy/image/collect.sh BINARY DIRECTORY" >&2 && exit 2; }
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binary=$1 root=$2

install -m 755 -D "$binary" "$root/usr/bin/cgroup2_exporter"
strip "$root/usr/bin/cgroup2_exporter"
sed -n 's|.*"pkg:deb/[^/]*/\([^@]*\)@.*|\1|p' < <("$top/scripts/sbom" "$binary") | while read -r package; do
  for source in "/usr/share/doc/$package/copyright" "$top/third_party/$package/debian/copyright" "$top/third_party/static/$package/debian/copyright"; do
    if [ -e "$source" ]; then
      install -m 644 -D "$source" "$root/usr/share/doc/$package/copyright"
      continue 2
    fi
  done
  echo "no licence of $package" >&2 && exit 1
done
install -m 644 -D /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
install -m 644 -D /usr/share/doc/ca-certificates/copyright "$root/usr/share/doc/ca-certificates/copyright"
install -m 644 -D "$top/deploy/debian/copyright" "$root/usr/share/doc/cgroup2-exporter/copyright"
install -m 644 -D "$top/LICENSE" "$root/usr/share/doc/cgroup2-exporter/LICENSE"
install -m 644 -D "$top/config/cgroup2_exporter.yaml" "$root/usr/share/doc/cgroup2-exporter/config.yaml"
# Counts of OOM kills, for those who mount nothing there.
install -d -m 1777 "$root/var/lib/cgroup2_exporter"
