// SPDX-License-Identifier: Apache-2.0
#include "identity/host_procfs.h"

#include <string_view>

#include "identity/host_namespaces.h"
#include "identity/member.h"

namespace cgroup2::identity {
namespace {

//   0::/init.scope
// Where systemd runs, also inside of another pid namespace than the first.
bool has_init_scope(const base::Dir& procfs) {
  char buffer[8192];
  const auto text = procfs.read_at("1/cgroup", buffer);
  return text && text->find("/init.scope\n") != std::string_view::npos;
}

}  // namespace

// A procfs with numbers of another pid namespace than ours is of one that contains ours: the
// host's, which somebody mounted.
bool has_hosts_init(const base::Dir& procfs) {
  if (!has_our_pids(procfs)) return true;
  char buffer[64];
  const auto own = procfs.read_link_at("self/ns/pid", buffer);
  if (!own) return true;
  return parse_namespace_link(*own, Namespace::pid) == HostNamespaces::initial_pid_inode ||
         has_init_scope(procfs);
}

}  // namespace cgroup2::identity
