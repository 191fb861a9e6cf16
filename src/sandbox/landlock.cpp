// SPDX-License-Identifier: Apache-2.0
#include "sandbox/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "base/fd.h"

namespace cgroup2::sandbox {
namespace {

constexpr std::uint64_t of_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t first_version =
    of_files | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
    LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
// Later than the kernel headers of Debian 12 (6.1).
constexpr std::uint64_t refer = std::uint64_t{1} << 13;     // version 2, Linux 5.19
constexpr std::uint64_t truncate = std::uint64_t{1} << 14;  // version 3, Linux 6.2

constexpr std::uint64_t to_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t to_replace = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                                     LANDLOCK_ACCESS_FS_REMOVE_FILE | truncate;

std::uint64_t handled_by(long version) {
  std::uint64_t handled = first_version;
  if (version >= 2) handled |= refer;
  if (version >= 3) handled |= truncate;
  return handled;
}

int allow(const base::Fd& ruleset, const std::string& path, std::uint64_t access) {
  const base::Fd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat status {};
  if (!place.is_open() || ::fstat(place.number(), &status) != 0) return 0;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = S_ISDIR(status.st_mode) ? access : access & of_files;
  rule.parent_fd = place.number();
  const long result =
      ::syscall(SYS_landlock_add_rule, ruleset.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  return result == 0 ? 0 : errno;
}

}  // namespace

int restrict_files(const FileRules& rules) {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return version < 0 ? errno : ENOSYS;
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = handled_by(version);
  const base::Fd ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  if (!ruleset.is_open()) return errno;
  for (const auto& path : rules.readable) {
    if (const int error = allow(ruleset, path, to_read)) return error;
  }
  for (const auto& path : rules.writable) {
    const auto access = (to_read | to_replace) & attributes.handled_access_fs;
    if (const int error = allow(ruleset, path, access)) return error;
  }
  for (const auto& path : rules.changeable) {
    constexpr auto access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
    if (const int error = allow(ruleset, path, access)) return error;
  }
  return ::syscall(SYS_landlock_restrict_self, ruleset.number(), 0) == 0 ? 0 : errno;
}

}  // namespace cgroup2::sandbox
