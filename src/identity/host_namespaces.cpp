// SPDX-License-Identifier: Apache-2.0
#include "identity/host_namespaces.h"

namespace cgroup2::identity {
namespace {

base::Result<Namespaces> read_process(const base::Dir& procfs, const char* pid) {
  const auto process = procfs.open_at(pid);
  if (!process) return process.error();
  return read_namespaces_at(*process);
}

}  // namespace

HostNamespaces::HostNamespaces() {
  namespaces_[Namespace::pid] = initial_pid_inode;
  namespaces_[Namespace::ipc] = 4026531839;
  namespaces_[Namespace::uts] = 4026531838;
  namespaces_[Namespace::user] = 4026531837;
  namespaces_[Namespace::cgroup] = 4026531835;
  namespaces_[Namespace::time] = 4026531834;
}

bool HostNamespaces::read(const base::Dir& procfs) {
  auto found = read_process(procfs, "1");
  if (!found) {
    found = read_process(procfs, "2");
    // In other pid namespaces than the initial one pid 2 is an ordinary process.
    if (!found || (*found)[Namespace::pid] != initial_pid_inode) return false;
  }
  is_read_ = true;
  if (*found == namespaces_) return false;
  namespaces_ = *found;
  return true;
}

bool HostNamespaces::differs(const Namespaces& namespaces, Namespace which) const {
  return namespaces[which] != 0 && namespaces_[which] != 0 &&
         namespaces[which] != namespaces_[which];
}

}  // namespace cgroup2::identity
