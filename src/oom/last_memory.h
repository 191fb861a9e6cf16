// SPDX-License-Identifier: Apache-2.0
// LastMemory: what the memory of a cgroup looked like when its limit was reached.
#pragma once

#include <cstdint>
#include <optional>

#include "base/dir.h"

namespace cgroup2::oom {

/// The memory of a cgroup shortly before a kill, in bytes. Nothing: not read, or no limit.
struct LastMemory {
  std::optional<std::uint64_t> peak, limit, anon, file;

  friend bool operator==(const LastMemory&, const LastMemory&) = default;
};

/// Reads memory.peak, memory.max and memory.stat. What cannot be read is nothing.
[[nodiscard]] LastMemory read_last_memory(const base::Dir& cgroup);

}  // namespace cgroup2::oom
