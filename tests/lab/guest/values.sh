# SPDX-License-Identifier: Apache-2.0
# Cgroups without containers in which everything that can be set is set, so that every family of the exporter has a value to show.
# shellcheck shell=sh disable=SC2154 # stage.sh sets root

# put CGROUP/FILE VALUE...: one write each. Does nothing where the kernel lacks the file.
put() {
  file=$root/$1
  shift
  [ -e "$file" ] || return 0
  for value in "$@"; do echo "$value" >"$file"; done
}

# offer CGROUP/FILE VALUE...: writes the first of the values that the kernel takes, if any.
offer() {
  file=$root/$1
  shift
  [ -e "$file" ] || return 0
  for value in "$@"; do
    if echo "$value" 2>/dev/null >"$file"; then return; fi
  done
}

# branch CGROUP: a cgroup whose children have all controllers.
branch() {
  mkdir "$root/$1"
  enable_controllers "$root/$1"
}

# inside CGROUP COMMAND...: runs it there.
inside() {
  cgroup=$root/$1
  shift
  sh -c 'echo 0 >"$0"; exec "$@"' "$cgroup/cgroup.procs" "$@"
}

# sleeper CGROUP: a process there that does nothing.
sleeper() {
  inside "$1" sleep 100000 &
  until populated "$1"; do sleep 0.1; done
}

set_cpu() {
  mkdir "$root/values/cpu" "$root/values/idle"
  put values/cpu/cpu.max '50000 200000'
  put values/cpu/cpu.max.burst 20000
  put values/cpu/cpu.weight 250
  put values/cpu/cpu.uclamp.min 12.5
  put values/cpu/cpu.uclamp.max 75.25
  put values/idle/cpu.idle 1
}

# The partition takes its CPU from everybody else, and its child takes the partition's last one: an empty list.
set_cpuset() {
  mkdir "$root/values/cpuset"
  put values/cpuset/cpuset.cpus 0-1
  put values/cpuset/cpuset.mems 0
  offer values/cpuset/cpuset.cpus.partition root # not below a partition: invalid, or refused up to 5.15
  branch partition
  put partition/cpuset.cpus 2
  put partition/cpuset.mems 1
  put partition/cpuset.cpus.exclusive 2
  offer partition/cpuset.cpus.partition isolated root # isolated since 6.1
  mkdir "$root/partition/all"
  put partition/all/cpuset.cpus 2
  offer partition/all/cpuset.cpus.partition root
}

set_memory() {
  branch values/memory
  put values/memory/memory.max 104857600
  put values/memory/memory.high 83886080
  put values/memory/memory.low 16777216
  put values/memory/memory.min 8388608
  mkdir "$root/values/memory/inner" "$root/values/memory/protected"
  put values/memory/inner/memory.max 67108864
  put values/memory/inner/memory.high 50331648
  put values/memory/inner/memory.min 4194304
  put values/memory/inner/memory.oom.group 1
  put values/memory/inner/memory.swap.max 8388608
  put values/memory/inner/memory.swap.high 4194304
  put values/memory/inner/memory.zswap.max 1048576
  put values/memory/inner/memory.zswap.writeback 0
  put values/memory/protected/memory.low max
  put values/memory/protected/memory.min max
  sleeper values/memory/inner
}

# A cost model and quality of service of our own, because those that the kernel chooses change with the load; the kernel's debug
# statistics; a loop device that nobody uses, of which the root's io.stat has a line without numbers since 5.19.
set_io() {
  disk=$(cat /sys/block/vda/dev)
  echo 1 >/sys/module/blk_cgroup/parameters/blkcg_debug_stats
  put io.cost.model "$disk ctrl=user model=linear rbps=500000000 rseqiops=90000 rrandiops=80000 wbps=400000000 wseqiops=70000 wrandiops=60000"
  put io.cost.qos "$disk enable=1 ctrl=user rpct=95.00 rlat=75000 wpct=97.50 wlat=150000 min=50.00 max=150.00"
  truncate -s 1M /run/loop
  losetup -f /run/loop
  mkdir "$root/values/io"
  put values/io/io.max "$disk rbps=8388608 wiops=120"
  put values/io/io.weight 'default 200' "$disk 300"
  put values/io/io.bfq.weight 'default 150'
  put values/io/io.latency "$disk target=75000"
  put values/io/io.prio.class restrict-to-be
  inside values/io dd if=/dev/vda of=/dev/null bs=4096 count=8 iflag=direct 2>/dev/null
}

# One huge page in use, one refused.
set_hugetlb() {
  mkdir "$root/values/hugetlb" /run/hugepages
  put values/hugetlb/hugetlb.2MB.max 2097152
  put values/hugetlb/hugetlb.2MB.rsvd.max 4194304
  echo 4 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
  mount -t hugetlbfs -o pagesize=2M hugetlbfs /run/hugepages # the default is larger where pages are
  inside values/hugetlb fallocate -l 2097152 /run/hugepages/used
  inside values/hugetlb fallocate -l 2097152 /run/hugepages/refused 2>/dev/null
}

# Of the threaded ones a process of `threads` has its thread in `one`; `two` is a domain among threads, which is invalid.
set_control() {
  mkdir "$root/values/bounded" "$root/values/frozen" "$root/values/unpressed" "$root/values/threads"
  put values/bounded/cgroup.max.depth 3
  put values/bounded/cgroup.max.descendants 5
  sleeper values/frozen
  put values/frozen/cgroup.freeze 1 0 1
  sleeper values/unpressed
  put values/unpressed/cgroup.pressure 0
  mkdir "$root/values/threads/one"
  put values/threads/one/cgroup.type threaded
  put values/threads/cgroup.subtree_control +cpu +cpuset +pids
  mkdir "$root/values/threads/two"
  sleeper values/threads
  put values/threads/one/cgroup.threads "$(cat "$root/values/threads/cgroup.procs")"
}

set_values() {
  branch values
  set_cpu
  set_cpuset
  set_memory
  set_io
  set_hugetlb
  set_control
}
