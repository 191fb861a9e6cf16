// SPDX-License-Identifier: Apache-2.0
#include "base/file_facts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string>

#include "base/dir.h"
#include "base/text.h"

namespace cgroup2::base {
namespace {

constexpr std::size_t max_fdinfo = 4096;
constexpr std::size_t max_mountinfo = std::size_t{16} << 20;

// As /proc/self/mountinfo calls them. "fuse" is also the beginning of fuse.sshfs and of fuseblk.
constexpr auto waiting_types = std::to_array<std::string_view>(
    {"9p", "afs", "autofs", "beegfs", "ceph", "cifs", "coda", "gfs2", "glusterfs", "lustre", "nfs",
     "nfs4", "ocfs2", "orangefs", "smb3", "smbfs"});

Result<std::string> read_own(const std::string& path, std::size_t limit) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return Error{errno, "open"};
  return read_to_end(file, limit);
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

// 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
std::string_view type_in(std::string_view line) {
  constexpr std::string_view dash = " - ";
  const auto at = line.find(dash);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + dash.size());
  return line.substr(0, line.find(' '));
}

}  // namespace

Result<FileFacts> facts_of(const Fd& file) {
  constexpr int flags = AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
  struct statx found {};
  if (::statx(file.number(), "", flags, STATX_TYPE | STATX_MODE | STATX_UID | STATX_SIZE, &found) !=
      0)
    return Error{errno, "statx"};
  return FileFacts{.mode = found.stx_mode,
                   .owner = found.stx_uid,
                   .device = ::makedev(found.stx_dev_major, found.stx_dev_minor),
                   .size = found.stx_size};
}

std::optional<std::uint64_t> mount_of(const Fd& file) {
  const auto text = read_own("/proc/self/fdinfo/" + std::to_string(file.number()), max_fdinfo);
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  constexpr std::string_view key = "mnt_id:";
  while (const auto line = next_line(rest)) {
    if (line->starts_with(key)) return number_in(line->substr(key.size()));
  }
  return std::nullopt;
}

bool may_hang(const Fd& file) {
  const auto mount = mount_of(file);
  const auto mounts = read_own("/proc/self/mountinfo", max_mountinfo);
  if (!mount || !mounts) return true;
  std::string_view rest = *mounts;
  while (const auto line = next_line(rest)) {
    if (number_in(*line) == mount) return may_hang_type(type_in(*line));
  }
  return true;
}

bool may_hang_type(std::string_view type) {
  return type.empty() || type.starts_with("fuse") ||
         std::ranges::find(waiting_types, type) != waiting_types.end();
}

bool is_disk_type(std::string_view type) {
  constexpr auto types = std::to_array<std::string_view>(
      {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "xfs", "zfs"});
  return std::ranges::find(types, type) != types.end();
}

}  // namespace cgroup2::base
