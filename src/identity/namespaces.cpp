// SPDX-License-Identifier: Apache-2.0
#include "identity/namespaces.h"

#include <cerrno>
#include <string>

#include "base/text.h"

namespace cgroup2::identity {
namespace {

struct Link {
  Namespace which;
  const char* path;
};

// mnt last: no kernel lacks it, and the dead and the zombies have none. So where it can be read,
// all ENOENTs before it came from the kernel that lacks the type and none from a process that was
// dying.
constexpr Link links[namespace_count] = {
    {Namespace::pid, "ns/pid"},   {Namespace::net, "ns/net"},   {Namespace::ipc, "ns/ipc"},
    {Namespace::uts, "ns/uts"},   {Namespace::user, "ns/user"}, {Namespace::cgroup, "ns/cgroup"},
    {Namespace::time, "ns/time"}, {Namespace::mnt, "ns/mnt"},
};

}  // namespace

std::string_view to_string(Namespace which) {
  constexpr std::string_view words[namespace_count] = {"pid", "mnt",  "net",    "ipc",
                                                       "uts", "user", "cgroup", "time"};
  return words[static_cast<std::size_t>(which)];
}

//   pid:[4026531836]
std::uint64_t parse_namespace_link(std::string_view link, Namespace which) {
  const auto name = to_string(which);
  if (!link.starts_with(name)) return 0;
  link.remove_prefix(name.size());
  if (!link.starts_with(":[") || !link.ends_with(']')) return 0;
  return base::parse_u64(link.substr(2, link.size() - 3)).value_or(0);
}

base::Result<Namespaces> read_namespaces_at(const base::Dir& process) {
  Namespaces namespaces;
  for (const auto& link : links) {
    char buffer[64];  // the longest is "cgroup:[18446744073709551615]"
    const auto target = process.read_link_at(link.path, buffer);
    if (!target) {
      if (target.error().code == ENOENT && link.which != Namespace::mnt) continue;
      return target.error();
    }
    const auto inode = parse_namespace_link(*target, link.which);
    if (inode == 0) return base::Error{EACCES, "readlink"};
    namespaces[link.which] = inode;
  }
  return namespaces;
}

}  // namespace cgroup2::identity
