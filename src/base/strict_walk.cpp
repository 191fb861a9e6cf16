// SPDX-License-Identifier: Apache-2.0
#include "base/strict_walk.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "base/file_facts.h"

namespace cgroup2::base {

Result<Fd> open_strictly_by_kernel(const Fd& top, const std::string& path) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  const long fd = ::syscall(SYS_openat2, top.number(), path.c_str(), &how, sizeof how);
  if (fd < 0) return Error{errno, "open"};
  return Fd(static_cast<int>(fd));
}

Result<Fd> open_strictly_in_steps(const Fd& top, const std::string& path) {
  if (path.empty()) return Error{ENOENT, "open"};
  if (path.size() >= PATH_MAX) return Error{ENAMETOOLONG, "open"};
  if (path.front() == '/') return Error{EXDEV, "open"};
  const auto mount = mount_of(top);
  if (!mount) return Error{ENOTSUP, "fdinfo"};
  Fd here;
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const std::string part = path.substr(at, end - at);
    at = std::min(path.find_first_not_of('/', end), path.size());
    if (part == "..") return Error{EXDEV, "open"};
    const int place = here.is_open() ? here.number() : top.number();
    // O_PATH neither starts an automount nor asks the file system of what it finds.
    Fd next(::openat(place, part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!next.is_open()) return Error{errno, "open"};
    if (mount_of(next) != mount) return Error{EXDEV, "open"};
    const auto facts = facts_of(next);
    if (!facts) return facts.error();
    if (S_ISLNK(facts->mode)) return Error{ELOOP, "open"};
    if (end < path.size() && !S_ISDIR(facts->mode)) return Error{ENOTDIR, "open"};
    here = std::move(next);
  }
  return here;
}

}  // namespace cgroup2::base
