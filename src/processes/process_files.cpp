// SPDX-License-Identifier: Apache-2.0
#include "processes/process_files.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/text.h"

namespace cgroup2::processes {
namespace {

bool is_denial(int code) { return code == EACCES || code == EPERM; }

}  // namespace

std::optional<std::uint64_t> parse_soft_limit(std::string_view limits, std::string_view row) {
  while (auto line = base::next_line(limits)) {
    if (!line->starts_with(row) || line->substr(row.size()).substr(0, 1) != " ") continue;
    line->remove_prefix(row.size());
    const auto soft = base::next_token(*line);
    return soft ? base::parse_u64(*soft) : std::nullopt;
  }
  return std::nullopt;
}

base::Result<OpenFiles> count_open_files(const base::Dir& process, std::size_t limit) {
  const auto directory = process.open_at("fd");
  if (!directory) return directory.error();
  OpenFiles found;
  bool is_denied = false;
  const int error = directory->list([&](const base::DirEntry& entry) {
    if (++found.files > limit) return false;
    char target[64];
    const auto link = directory->read_link_at(entry.name, target);
    //   socket:[12345]
    if (link && link->starts_with("socket:[")) ++found.sockets;
    // 5.10.y answers readlink without permission with an empty string.
    is_denied = link ? link->empty() : is_denial(link.error().code);
    return !is_denied;
  });
  if (error != 0) return base::Error{error, "list"};
  if (is_denied) return base::Error{EACCES, "readlink"};
  if (found.files > limit) return base::Error{EFBIG, "list"};
  return found;
}

base::Result<std::uint64_t> size_of_open_files(const base::Dir& process) {
  struct stat status {};
  if (::fstatat(process.number(), "fd", &status, AT_SYMLINK_NOFOLLOW) != 0)
    return base::Error{errno, "stat"};
  return static_cast<std::uint64_t>(status.st_size);
}

bool states_open_files(const base::Dir& procfs) {
  const auto magic = procfs.filesystem_magic();
  if (!magic || *magic != PROC_SUPER_MAGIC) return false;
  struct stat status {};
  return ::fstatat(procfs.number(), "self/fd", &status, 0) == 0 && status.st_size > 0;
}

}  // namespace cgroup2::processes
