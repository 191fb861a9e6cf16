// SPDX-License-Identifier: Apache-2.0
// The inodes of a process's namespaces: /proc/PID/ns/*, namespaces(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/dir.h"
#include "base/result.h"

namespace cgroup2::identity {

/// The namespaces of a process, by their names in /proc/PID/ns; `count` is how many there are.
enum class Namespace { pid, mnt, net, ipc, uts, user, cgroup, time, count };
inline constexpr auto namespace_count = static_cast<std::size_t>(Namespace::count);

/// Returns "pid", "mnt", …
[[nodiscard]] std::string_view to_string(Namespace which);

/// Inode numbers of one process's namespaces; 0 where the kernel does not have that namespace (time
/// before 5.6).
struct Namespaces {
  std::array<std::uint64_t, namespace_count> inodes{};

  [[nodiscard]] std::uint64_t operator[](Namespace which) const {
    return inodes[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] std::uint64_t& operator[](Namespace which) {
    return inodes[static_cast<std::size_t>(which)];
  }
  friend bool operator==(const Namespaces&, const Namespaces&) = default;
};

/// Parses the target of a link in /proc/PID/ns, for example "pid:[4026531836]". 0 if it has another
/// form: 5.10.y answers readlink without permission with an empty string instead of EACCES.
[[nodiscard]] std::uint64_t parse_namespace_link(std::string_view link, Namespace which);

/// Says whether the process whose /proc/PID directory this is lives in the namespace of that kind
/// with that inode. False if it is gone, or without the right to read its namespaces.
[[nodiscard]] bool is_in_namespace(const base::Dir& process, Namespace which, std::uint64_t inode);

/// Reads the namespaces of the process whose /proc/PID directory this is. EACCES without the right
/// to (ptrace_may_access with PTRACE_MODE_READ_FSCREDS: same user or CAP_SYS_PTRACE; also for a
/// link without an inode number), ESRCH or ENOENT if it is gone or a zombie. A namespace type that
/// the kernel lacks is 0. Success proves that the process was alive during all of the call.
[[nodiscard]] base::Result<Namespaces> read_namespaces_at(const base::Dir& process);

}  // namespace cgroup2::identity
