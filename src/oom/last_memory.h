// SPDX-License-Identifier: Apache-2.0
// LastMemory: what the memory of a cgroup looked like when its limit was reached.
#pragma once

#include "base/dir.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// Reads memory.peak, memory.max and memory.stat. What cannot be read is nothing.
[[nodiscard]] LastMemory read_last_memory(const base::Dir& cgroup);

}  // namespace cgroup2::oom
