#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/lab/runtimes/root.ext4: Debian 12 with systemd and the container runtimes that it packages. Does nothing if it is there
# and was made by this very script.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib.sh"

suite=bookworm
packages=(
  systemd-sysv libpam-systemd dbus-user-session systemd-container
  podman crun catatonit uidmap containerd runc docker.io lxc
  munge slurmctld slurmd slurm-client
  busybox-static ca-certificates
  libfmt9 libprometheus-cpp-core1.0 libre2-9 libspdlog1.10 libssl3 libyaml-cpp0.7) # what the exporter's package depends on
# What a machine without devices, disks and users to wait for need not start.
masked=(
  dev-hugepages.mount dev-mqueue.mount proc-sys-fs-binfmt_misc.automount
  sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount
  systemd-binfmt.service systemd-firstboot.service systemd-journal-flush.service systemd-pcrphase-sysinit.service systemd-pcrphase.service
  systemd-random-seed.service systemd-repart.service systemd-sysusers.service systemd-update-utmp.service
  podman.service podman.socket
  podman-auto-update.service podman-restart.service timers.target var-lib-machines.mount)

target=$top/build/lab/runtimes/root.ext4
keys=/usr/share/keyrings/debian-archive-keyring.gpg

main() {
  local key
  key=$(sha256sum <"${BASH_SOURCE[0]}")
  if [ -e "$target" ] && [ "$(cat "$target.key" 2>/dev/null)" = "$key" ]; then return; fi
  echo "making a Debian 12 with container runtimes" >&2
  mkdir -p "${target%/*}"
  work=$(mktemp -d "${target%/*}/.root.XXXXXX")
  trap 'as_root rm -rf "$work"' EXIT
  install_debian "$work/root" >"$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }
  truncate -s 3G "$work/ext4"
  as_root mke2fs -q -t ext4 -O ^has_journal -m 0 -E root_owner=0:0 -d "$work/root" "$work/ext4"
  mv "$work/ext4" "$target"
  echo "$key" >"$target.key"
}

# install_debian DIRECTORY: the packages, a user called lab whose services run without a login, and no questions at the first boot.
install_debian() {
  # shellcheck disable=SC2016 # $1 is for the hooks
  as_root mmdebstrap --mode=root --variant=minbase --keyring="$keys" --include="$(IFS=, && echo "${packages[*]}")" \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='chroot "$1" useradd --create-home --uid 1000 --shell /bin/sh lab' \
    --customize-hook='mkdir -p "$1/var/lib/systemd/linger" && touch "$1/var/lib/systemd/linger/lab"' \
    --customize-hook='echo 0123456789abcdef0123456789abcdef >"$1/etc/machine-id"' \
    --customize-hook='echo lab >"$1/etc/hostname"' \
    --customize-hook="systemctl --root=\"\$1\" mask ${masked[*]}" \
    "$suite" "$1" "$(debian_mirror)"
}

main
