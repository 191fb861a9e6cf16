// SPDX-License-Identifier: Apache-2.0
#include "machine/statfs.h"

#include <fcntl.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/fd.h"
#include "base/file_facts.h"
#include "base/label.h"

namespace cgroup2::machine {
namespace {

std::optional<Filesystem> ask(const HostMount& mount, const std::string& point) {
  const base::Fd place(::open(point.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!place.is_open()) return std::nullopt;
  // Asks no other file system that was mounted there since: it could hang.
  const auto facts = base::facts_of(place);
  if (!facts) return std::nullopt;
  const bool is_it = mount.has_own_numbers ? !base::may_hang(place) : facts->device == mount.number;
  if (!is_it) return std::nullopt;
  struct statfs found {};
  if (::fstatfs(place.number(), &found) != 0 || found.f_blocks == 0) return std::nullopt;
  // f_frsize is what f_blocks counts; it is 0 where the file system sets f_bsize alone.
  const auto size =
      static_cast<std::uint64_t>(found.f_frsize != 0 ? found.f_frsize : found.f_bsize);
  return Filesystem{.device = base::to_label(mount.device),
                    .capacity = found.f_blocks * size,
                    .free = std::min(found.f_bfree, found.f_blocks) * size,
                    .inodes = found.f_files,
                    .free_inodes = found.f_ffree};
}

}  // namespace

std::vector<Filesystem> ask_filesystems(const std::vector<HostMount>& mounts) {
  std::vector<Filesystem> filesystems;
  for (const auto& mount : mounts) {
    for (const auto& point : mount.points) {
      auto filesystem = ask(mount, point);
      if (!filesystem) continue;
      filesystems.push_back(std::move(*filesystem));
      break;
    }
  }
  return filesystems;
}

}  // namespace cgroup2::machine
