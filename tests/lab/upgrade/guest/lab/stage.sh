# SPDX-License-Identifier: Apache-2.0
# What the tests say in the machine.
# shellcheck shell=sh

await_exporter() {
  for _ in $(seq 100); do
    if busybox wget -q -O /dev/null http://127.0.0.1:9306/-/ready 2>/dev/null; then return; fi
    sleep 0.2
  done
  return 1
}

main_pid() { systemctl show --property MainPID --value cgroup2-exporter; }
