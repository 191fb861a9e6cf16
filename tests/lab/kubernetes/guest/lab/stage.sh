# SPDX-License-Identifier: Apache-2.0
# What the tests say in the machine.
# shellcheck shell=sh

cgroup_of() { sed -n 's/^0:://p' "/proc/$1/cgroup"; }

# The id and the cgroup of each container that runs.
tasks() {
  ctr -n k8s.io tasks ls | sed 1d | while read -r id pid state; do
    [ "$state" != RUNNING ] || echo "$id $(cgroup_of "$pid")"
  done
}

# What containerd knows of these containers, one JSON document a line.
containers() {
  for id in "$@"; do
    ctr -n k8s.io containers info "$id" | tr -d '\n'
    echo
  done
}

# relay PORT ADDRESS: what comes to the machine's PORT goes to port 9306 of a pod.
relay() {
  systemctl stop "relay-$1.socket" "relay-$1.service" 2>/dev/null || true
  systemd-run --quiet --collect --unit "relay-$1" --socket-property "ListenStream=$1" /lib/systemd/systemd-socket-proxyd "$2:9306"
}
