#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# storm.sh KIND ROUND WORKERS TIMES: WORKERS at once make a cgroup, have it killed for its memory and remove it at once, TIMES each.
# Writes a line for each cgroup: its path and the milliseconds that it lived. KIND says whose limit it is and who is left:
#   living    the parent lives
#   removed   the parent is removed with it
#   deep      three parents are
#   first     there is no parent but the root
#   group     the whole cgroup is killed, of three processes
#   ancestor  the parent's limit is enforced
#   host      nobody's: the machine runs out of memory
root=/sys/fs/cgroup
kind=$1 round=$2 workers=$3 times=$4

# In centiseconds, without starting a program.
now() {
  read -r up _ </proc/uptime
  echo "${up%.*}${up#*.}"
}

# with_memory DIRECTORY: its children have a memory controller.
with_memory() {
  mkdir "$1"
  echo +memory >"$1/cgroup.subtree_control"
}

limit() {
  echo 4194304 >"$1/memory.max"
  echo 0 2>/dev/null >"$1/memory.swap.max"
}

# Starts the process that is killed, before all others where the machine runs out, and waits for it.
victim() {
  sh -c 'echo 0 >"$0/cgroup.procs"; echo 1000 >/proc/self/oom_score_adj; exec tail /dev/zero' "$1" 2>/dev/null
}

one() {
  begin=$(now)
  cgroup=$1 parents=
  case $kind in
    removed)
      with_memory "$1"
      cgroup=$1/c parents=$1
      ;;
    deep)
      for parent in "$1" "$1/a" "$1/a/b"; do with_memory "$parent"; done
      cgroup=$1/a/b/c parents="$1/a/b $1/a $1"
      ;;
  esac
  mkdir "$cgroup"
  case $kind in
    ancestor | host) ;;
    *) limit "$cgroup" ;;
  esac
  if [ "$kind" = group ]; then
    echo 1 >"$cgroup/memory.oom.group"
    sh -c 'echo 0 >"$0/cgroup.procs"; exec sleep 1000' "$cgroup" &
    sh -c 'echo 0 >"$0/cgroup.procs"; exec sleep 1000' "$cgroup" &
    until [ "$(wc -l <"$cgroup/cgroup.procs")" -ge 2 ]; do :; done
  fi
  victim "$cgroup"
  [ "$kind" != group ] || wait
  until rmdir "$cgroup" 2>/dev/null; do :; done
  for parent in $parents; do rmdir "$parent"; done
  echo "${cgroup#"$root"} $((($(now) - begin) * 10))"
}

worker() {
  base=$root/storm/r$round
  [ "$kind" != first ] || base=$root/storm-r$round
  if [ "$kind" = ancestor ]; then
    base=$root/storm/r$round-$1
    with_memory "$base"
    limit "$base"
    base=$base/c
  fi
  i=0
  while [ $i -lt "$times" ]; do
    one "$base-$1-$i"
    i=$((i + 1))
  done
  [ "$kind" != ancestor ] || rmdir "$root/storm/r$round-$1"
}

[ -d $root/storm ] || with_memory $root/storm
w=0
while [ $w -lt "$workers" ]; do
  worker $w &
  w=$((w + 1))
done
wait
