# SPDX-License-Identifier: Apache-2.0
# What runs in the machine: containers of crun and runc, one container without a runtime, a plain service.
# shellcheck shell=sh
root=/sys/fs/cgroup

# A container's id, as long as the ones of Docker and Kubernetes.
id_of() { printf '%s' "$1" | sha256sum | cut -d' ' -f1; }

enable_controllers() {
  # shellcheck disable=SC2013 # one line of words
  for controller in $(cat "$1/cgroup.controllers"); do
    echo "+$controller" >"$1/cgroup.subtree_control"
  done
}

# service NAME COMMAND...: runs a command in a cgroup of its own, as systemd does.
service() {
  unit=$root/system.slice/$1
  shift
  mkdir -p "$unit"
  sh -c 'echo 0 >"$0"; exec "$@"' "$unit/cgroup.procs" "$@"
}

# With a shell of its own, which does not keep the output of whoever asks for it open.
start_exporter() { (exec </dev/null >/dev/null 2>&1 && service cgroup2_exporter.service setsid /lab/exporter) & }

# SIGKILL leaves it no moment to save what it knows.
kill_exporter() {
  kill -KILL "$(cat /run/exporter.pid)"
  until [ -s /run/exporter.status ]; do :; done
}

# bundle NAME CGROUP MEMORY_MAX CPU_QUOTA PIDS_MAX SCRIPT [MOUNT]: writes /run/bundles/NAME.
bundle() {
  mkdir -p "/run/bundles/$1"
  cat >"/run/bundles/$1/config.json" <<JSON
{
  "ociVersion": "1.0.2",
  "hostname": "$1",
  "root": {"path": "/lab/rootfs", "readonly": true},
  "process": {
    "cwd": "/", "user": {"uid": 0, "gid": 0}, "args": ["/bin/sh", "-c", "$6"], "env": ["PATH=/bin"],
    "capabilities": {"bounding": ["CAP_SYS_ADMIN"], "effective": ["CAP_SYS_ADMIN"], "permitted": ["CAP_SYS_ADMIN"]}
  },
  "mounts": [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "bind", "source": "/dev", "options": ["rbind"]},
    {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"}${7:+,}
    ${7:-}
  ],
  "linux": {
    "cgroupsPath": "$2",
    "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}, {"type": "cgroup"}],
    "resources": {
      "devices": [{"allow": true, "access": "rwm"}],
      "memory": {"limit": $3}, "cpu": {"quota": $4, "period": 100000}, "pids": {"limit": $5}
    }
  }
}
JSON
}

# Every collector that the exporter's usage names, switched on; containers have no interface but loopback.
write_config() {
  {
    printf 'log:\n  level: info\nmemory:\n  peak_window: 12s\nnetwork:\n  interfaces_exclude: ""\ncollectors:\n'
    cgroup2_exporter --help | sed -n 's/^ *--\(\[no-\]\)\{0,1\}collector\.\([a-z_]*\).*/  \2: true/p'
  } >/etc/cgroup2_exporter.yaml
}

populated() { grep -q 'populated 1' "$root/$1/cgroup.events"; }

idle='while :; do sleep 1000; done'

# docker: below a parent whose memory.max is smaller than its own.
start_docker() {
  id=$(id_of docker)
  echo 50331648 >$root/lab.slice/memory.max
  bundle docker "/lab.slice/docker-$id.scope" 67108864 20000 24 "$idle"
  crun run -d -b /run/bundles/docker "$id"
}

# bare: nothing in its path but the id; the one that is killed for its memory.
start_bare() {
  id=$(id_of bare)
  bundle bare "/lab/$id" 25165824 150000 64 "$idle"
  crun run -d -b /run/bundles/bare "$id"
}

start_pod() {
  id=$(id_of pod)
  bundle pod "/kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0/$id" 100663296 100000 32 "$idle"
  runc run -d -b /run/bundles/pod "$id"
}

# strayed: one of its processes is moved to a cgroup whose path says nothing.
start_strayed() {
  id=$(id_of strayed)
  bundle strayed "/lab.slice/libpod-$id.scope" 33554432 100000 32 "$idle"
  runc run -d -b /run/bundles/strayed "$id"
  mkdir $root/unknown
  enable_controllers $root/unknown
  mkdir $root/unknown/x
  runc exec -d --pid-file /run/strayed.pid "$id" sleep 100000
  cat /run/strayed.pid >$root/unknown/x/cgroup.procs
}

# nested: manages cgroups of its own, as systemd in a container does.
start_nested() {
  id=$(id_of nested)
  script='cd /sys/fs/cgroup; mkdir init work; echo 0 >init/cgroup.procs;'
  script="$script"' sh -c \"echo 0 >work/cgroup.procs; exec sleep 100000\" & exec sleep 100000'
  bundle nested "/lab/$id" 67108864 100000 64 "$script" \
    '{"destination": "/sys", "type": "tmpfs", "source": "tmpfs"},
     {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["rw"]}'
  crun run -d -b /run/bundles/nested "$id"
}

# hand: a container that no runtime knows. It joins its cgroup from inside, as runtimes make their children do.
start_hand() {
  mkdir $root/hand
  /usr/bin/unshare --pid --fork --mount-proc sh -c "
    echo 0 >$root/hand/cgroup.procs
    exec /usr/bin/unshare --cgroup sh -c 'sleep 100000 & exec sleep 100000'" &
}

# plain: only a mount namespace of its own, as a service with PrivateTmp= has.
start_plain() {
  mkdir $root/lab.slice/plain.service
  sh -c "echo 0 >$root/lab.slice/plain.service/cgroup.procs; exec /usr/bin/unshare --mount sleep 100000" &
}

start_all() {
  mkdir $root/lab.slice
  enable_controllers $root/lab.slice
  start_docker
  start_bare
  start_pod
  start_strayed
  start_nested
  start_hand
  start_plain
  nested=lab/$(id_of nested)
  until populated hand && populated lab.slice/plain.service && populated "$nested/work"; do sleep 0.1; done
  # The runtimes switch on what their bundles limit, and the nested container nothing.
  for parent in "$root"/kubepods "$root"/kubepods/burstable "$root"/kubepods/burstable/pod* "$root"/lab "$root/$nested"; do
    enable_controllers "$parent"
  done
}
