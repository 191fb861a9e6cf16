# SPDX-License-Identifier: Apache-2.0
# What the tests say in the machine.
# shellcheck shell=sh

# as_lab COMMAND...: as the user lab, from that user's own systemd.
as_lab() {
  systemd-run --quiet --collect --user --machine lab@ --pipe --wait -- env -u INVOCATION_ID "$@"
}

cgroup_of() { sed -n 's/^0:://p' "/proc/$1/cgroup"; }

# An image's only layer.
busybox_layer() {
  [ -e /run/busybox.tar ] || tar -C /lab/rootfs -cf /run/busybox.tar .
  echo /run/busybox.tar
}

# debian_root NAME: makes a root directory that looks like the machine's own and can be written to; prints it.
debian_root() {
  mkdir -p "/run/roots/$1/upper" "/run/roots/$1/work" "/run/roots/$1/root"
  mount -t overlay -o "lowerdir=/,upperdir=/run/roots/$1/upper,workdir=/run/roots/$1/work" overlay "/run/roots/$1/root"
  echo "/run/roots/$1/root"
}

# await_inside CGROUP: waits until the systemd that runs in there has started lab-nested.target.
await_inside() {
  for _ in $(seq 60); do
    if grep -qs . "/sys/fs/cgroup$1/system.slice/lab-plain.service/cgroup.procs"; then return; fi
    sleep 0.5
  done
  return 1
}

# cri_container KIND NAME ID RESTARTS: a container, or with KIND sandbox the pause container, of the pod web in the namespace shop. Its
# labels, annotations, cgroup and log are those that containerd's CRI plugin and a kubelet with the systemd driver make.
cri_container() {
  kind=$1 name=$2 id=$3 restarts=$4
  pod=web-7d9c5b8f-x2x4z uid=2942c55e-c9cb-428a-93f4-eaf89c1f3ce0
  sandbox=$(printf sandbox | sha256sum | cut -d' ' -f1)
  logs=/var/log/pods/shop_${pod}_$uid
  set -- \
    --label io.cri-containerd.kind="$kind" --label io.kubernetes.pod.name=$pod --label io.kubernetes.pod.namespace=shop \
    --label io.kubernetes.pod.uid=$uid \
    --annotation io.kubernetes.cri.container-type="$kind" --annotation io.kubernetes.cri.sandbox-id="$sandbox" \
    --annotation io.kubernetes.cri.sandbox-name=$pod --annotation io.kubernetes.cri.sandbox-namespace=shop \
    --annotation io.kubernetes.cri.sandbox-uid=$uid
  if [ "$kind" = sandbox ]; then
    set -- "$@" --annotation io.kubernetes.cri.sandbox-log-directory=$logs
  else
    set -- "$@" --label io.kubernetes.container.name="$name" --annotation io.kubernetes.cri.container-name="$name" \
      --annotation io.kubernetes.cri.image-name=registry.example/shop/"$name":1.2
  fi
  ctr -n k8s.io run --detach --null-io --rootfs --runc-systemd-cgroup \
    --cgroup "kubepods-burstable-pod$(echo $uid | tr - _).slice:cri-containerd:$id" "$@" /lab/rootfs "$id" /bin/sleep 100000
  [ "$kind" = sandbox ] || link_log "$logs/$name/$restarts.log" "${pod}_shop_$name-$id"
}

# link_log FILE NAME: what a kubelet leaves in /var/log, with its modes.
link_log() {
  mkdir -p "${1%/*}" /var/log/containers
  chmod 750 /var/log/pods
  touch "$1"
  ln -s "$1" "/var/log/containers/$2.log"
}

# cri_remove ID
cri_remove() {
  ctr -n k8s.io task kill -s KILL "$1"
  until ctr -n k8s.io task ls | grep "$1" | grep -q STOPPED; do sleep 0.2; done
  ctr -n k8s.io task rm "$1"
  ctr -n k8s.io container rm "$1"
  rm "/var/log/containers/"*"-$1.log"
}
