// SPDX-License-Identifier: Apache-2.0
// Member: a live process of a cgroup, asked for its namespaces. Reads cgroup.procs and /proc/PID.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/dir.h"
#include "identity/namespaces.h"

namespace cgroup2::identity {

/// What asking a cgroup's processes gave.
struct MemberAnswer {
  enum class State {
    empty,    ///< it has no process of its own (or is threaded, or gone)
    asked,    ///< `namespaces` are those of a process that was in it
    unknown,  ///< its processes vanished while they were asked, are hidden, or live outside of our
              ///< pid namespace
    denied,   ///< `code` is why `file` could not be read
  };

  State state = State::unknown;
  Namespaces namespaces{};
  std::string_view file{};  ///< "cgroup.procs" or "ns"
  int code = 0;
};

/// Asks the process with the smallest pid, and up to two more if that is gone. A pid that is used
/// again meanwhile cannot deceive it; resolver.cpp tells why.
[[nodiscard]] MemberAnswer ask_member(const base::Dir& cgroup, const base::Dir& procfs);

/// Whether the numbers in cgroup.procs, which are those of our own pid namespace, mean the same
/// processes in this procfs. False for the host's procfs in a container with a pid namespace of its
/// own: there our pid 1 would be taken for the host's.
[[nodiscard]] bool has_our_pids(const base::Dir& procfs);

}  // namespace cgroup2::identity
