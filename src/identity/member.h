// SPDX-License-Identifier: Apache-2.0
// Member: reads the namespaces of a live process of a cgroup, from cgroup.procs and /proc/PID.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/dir.h"
#include "identity/namespaces.h"

namespace cgroup2::identity {

/// The result of reading the namespaces of a cgroup's processes.
struct MemberNamespaces {
  enum class ReadStatus {
    empty,    ///< it has no process of its own (or is threaded, or gone)
    read,     ///< `namespaces` are those of a process that was in it
    unknown,  ///< its processes ended during the read, are hidden, or live outside of our pid
              ///< namespace
    denied,   ///< `code` is why `file` could not be read
  };

  ReadStatus status = ReadStatus::unknown;
  Namespaces namespaces{};
  std::string_view file{};  ///< "cgroup.procs" or "ns"
  int code = 0;
};

/// Reads the process with the smallest pid, and up to two more if that is gone. The result is right
/// even if a pid is used again meanwhile; resolver.cpp explains why.
[[nodiscard]] MemberNamespaces read_member(const base::Dir& cgroup, const base::Dir& procfs);

/// Returns /proc/PID of one of the cgroup's processes that lives in the namespace of that kind with
/// that inode, after trying eight at most; a closed directory if there is none. A process that got
/// the number of another meanwhile is as good if it lives there.
[[nodiscard]] base::Dir find_process_in(const base::Dir& cgroup, const base::Dir& procfs,
                                        Namespace which, std::uint64_t inode);

/// Says whether the process whose /proc/PID/net this is lives in the network namespace with that
/// inode. False if it is gone, or without the right to read its namespaces.
[[nodiscard]] bool is_in_network(const base::Dir& net, std::uint64_t inode);

/// Whether the numbers in cgroup.procs, which are those of our own pid namespace, mean the same
/// processes in this procfs. False for the host's procfs in a container with a pid namespace of its
/// own: there our pid 1 is another process than the host's.
[[nodiscard]] bool has_our_pids(const base::Dir& procfs);

}  // namespace cgroup2::identity
