// SPDX-License-Identifier: Apache-2.0
#include "identity/namespaces.h"

#include <algorithm>
#include <cerrno>
#include <string>

#include "base/text.h"

namespace cgroup2::identity {
namespace {

struct Link {
  Namespace which;
  const char* path;
};

// Reads mnt last: every kernel has it, and processes that are dead or zombies do not. So if it can
// be read, every ENOENT before it means that the kernel lacks the type, not that the process was
// dying.
constexpr auto links = std::to_array<Link>({
    {Namespace::pid, "ns/pid"},
    {Namespace::net, "ns/net"},
    {Namespace::ipc, "ns/ipc"},
    {Namespace::uts, "ns/uts"},
    {Namespace::user, "ns/user"},
    {Namespace::cgroup, "ns/cgroup"},
    {Namespace::time, "ns/time"},
    {Namespace::mnt, "ns/mnt"},
});
static_assert(links.size() == namespace_count);

}  // namespace

std::string_view to_string(Namespace which) {
  constexpr auto words = std::to_array<std::string_view>(
      {"pid", "mnt", "net", "ipc", "uts", "user", "cgroup", "time"});
  static_assert(words.size() == namespace_count);
  return words.at(static_cast<std::size_t>(which));
}

//   pid:[4026531836]
std::uint64_t parse_namespace_link(std::string_view link, Namespace which) {
  const auto name = to_string(which);
  if (!link.starts_with(name)) return 0;
  link.remove_prefix(name.size());
  if (!link.starts_with(":[") || !link.ends_with(']')) return 0;
  return base::parse_u64(link.substr(2, link.size() - 3)).value_or(0);
}

bool is_in_namespace(const base::Dir& process, Namespace which, std::uint64_t inode) {
  char buffer[64];
  const auto link =
      process.read_link_at(std::ranges::find(links, which, &Link::which)->path, buffer);
  return link && parse_namespace_link(*link, which) == inode;
}

base::Result<Namespaces> read_namespaces_at(const base::Dir& process) {
  Namespaces namespaces;
  for (const auto& link : links) {
    char buffer[64];  // as long as "cgroup:[18446744073709551615]"
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
