// SPDX-License-Identifier: Apache-2.0
// Reads what the memory of a cgroup looks like now. The watcher asks for it when a limit was
// reached, which is shortly before a kill: LastMemory.
#pragma once

#include "base/dir.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// Reads memory.peak, memory.max and memory.stat. What cannot be read is nothing.
[[nodiscard]] LastMemory read_last_memory(const base::Dir& cgroup);

}  // namespace cgroup2::oom
