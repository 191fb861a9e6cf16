// SPDX-License-Identifier: Apache-2.0
#include "identity/member_root.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "base/file_facts.h"
#include "base/mountinfo.h"
#include "base/pid_list.h"
#include "base/text.h"
#include "identity/member.h"
#include "identity/namespaces.h"

namespace cgroup2::identity {
namespace {

// A process may have 100,000 mounts (fs.mount-max). Of one with a longer list nothing is read.
constexpr std::size_t max_mountinfo = std::size_t{1} << 20;
constexpr std::size_t max_mountinfo_of_host = std::size_t{8} << 20;

// Nobody needs more of them for a name, and each may cost both lists.
constexpr std::size_t max_mounts = 8;

template <class Visit>
void for_each_mount(const base::Dir& process, std::size_t limit, Visit visit) {
  const auto text = process.read_all_at("mountinfo", limit);
  if (!text) return;
  std::string_view rest = *text;
  while (const auto line = base::next_line(rest)) {
    const auto number = base::parse_u64(line->substr(0, line->find(' ')));
    const auto mount = base::parse_mount_line(*line);
    if (number && mount) visit(*number, *mount);
  }
}

// Returns the type that the list gives for the number of a mount; empty if it does not have it.
std::string type_of_mount(const base::Dir& process, std::uint64_t wanted) {
  std::string type;
  for_each_mount(process, max_mountinfo, [&](std::uint64_t number, const base::MountLine& mount) {
    if (type.empty() && number == wanted) type = mount.type;
  });
  return type;
}

bool has_overlay(const base::Dir& process, std::uint64_t device) {
  bool is_found = false;
  for_each_mount(process, max_mountinfo_of_host, [&](std::uint64_t, const base::MountLine& mount) {
    is_found = is_found || (mount.type == "overlay" && mount.device == device);
  });
  return is_found;
}

}  // namespace

base::Result<MemberRoot> MemberRoot::open(const base::Dir& cgroup, const base::Dir& procfs,
                                          std::uint64_t mount_namespace) {
  base::Dir process = find_process_in(cgroup, procfs, Namespace::mnt, mount_namespace);
  if (!process.is_open()) return base::Error{ENOENT, "open"};
  MemberRoot root;
  root.root_.fd = base::Fd(::openat(process.number(), "root", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root.root_.fd.is_open()) return base::Error{errno, "root"};
  root.process_ = std::move(process);
  if (auto init = base::open_process(procfs, 1)) root.init_ = *std::move(init);
  const auto facts = base::facts_of(root.root_.fd);
  const auto mount = base::mount_of(root.root_.fd);
  if (!facts || !mount) return base::Error{ENOTSUP, "fdinfo"};
  root.root_.device = facts->device;
  root.root_.mount = *mount;
  if (!root.may_enter(root.root_)) return base::Error{EXDEV, "root"};
  return root;
}

// Reads the lists while a descriptor holds the mount, and keeps that for as long as the answer: the
// kernel gives the numbers of mounts and devices that are gone to the next ones.
bool MemberRoot::may_enter(const Passed& place) {
  const auto known = std::ranges::find(judged_, place.mount, &JudgedMount::number);
  if (known != judged_.end()) return known->may_enter;
  if (judged_.size() == max_mounts) return false;
  base::Fd holder(::fcntl(place.fd.number(), F_DUPFD_CLOEXEC, 0));
  if (!holder.is_open()) return false;
  const std::string type = type_of_mount(process_, place.mount);
  // A tmpfs can be mounted without privileges on the host (FS_USERNS_MOUNT), but is memory.
  const bool may_enter = type == "overlay" ? has_overlay(init_, place.device)
                                           : type == "tmpfs" || base::is_disk_type(type);
  judged_.push_back({std::move(holder), place.mount, may_enter});
  return may_enter;
}

// O_PATH neither starts an automount nor asks the file system of what it finds, and neither do
// facts_of() and mount_of().
base::Result<MemberRoot::Passed> MemberRoot::step(const Passed& from, const std::string& name) {
  if (name == "..") return base::Error{EXDEV, "open"};
  Passed next;
  next.fd = base::Fd(::openat(from.fd.number(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!next.fd.is_open()) return base::Error{errno, "open"};
  const auto facts = base::facts_of(next.fd);
  if (!facts) return facts.error();
  if (S_ISLNK(facts->mode)) return base::Error{ELOOP, "open"};
  const auto mount = base::mount_of(next.fd);
  if (!mount) return base::Error{ENOTSUP, "fdinfo"};
  next.device = facts->device;
  next.mount = *mount;
  const bool is_same = next.device == from.device || next.mount == from.mount;
  if (!is_same && !may_enter(next)) return base::Error{EXDEV, "open"};
  return next;
}

base::Result<std::string> MemberRoot::read(const std::string& path, std::size_t limit) {
  const Passed* here = &root_;
  Passed last;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::string name(rest.substr(0, rest.find('/')));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    auto next = step(*here, name);
    if (!next) return next.error();
    last = *std::move(next);
    here = &last;
  }
  const auto facts = base::facts_of(here->fd);
  if (!facts) return facts.error();
  if (!S_ISREG(facts->mode)) return base::Error{EINVAL, "not a regular file"};
  if (facts->size == 0) return std::string();
  if (facts->size > limit) return base::Error{EFBIG, "read"};
  // By its name in /proc/self/fd: the file that was looked at is the one that is read. O_NONBLOCK:
  // its owner may hold a lease on it, whose end the kernel would wait for.
  const std::string number = std::to_string(here->fd.number());
  const base::Fd file(
      ::open(("/proc/self/fd/" + number).c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.is_open()) return base::Error{errno, "open"};
  return base::read_to_end(file, limit);
}

}  // namespace cgroup2::identity
