// SPDX-License-Identifier: Apache-2.0
// Statfs: asks file systems how full they are: statfs(2).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "machine/host_mounts.h"
#include "machine/machine.h"

namespace cgroup2::machine {

/// Asks file systems, in their order. Nothing if there was no answer in time.
using AskFilesystems =
    std::function<std::optional<std::vector<Filesystem>>(std::vector<HostMount> mounts)>;

/// Asks them on the calling thread. What is not found at its place, or has no capacity, is left
/// out. Opens no file to read it and asks no file system but those of the mounts; may wait for a
/// disk all the same.
[[nodiscard]] std::vector<Filesystem> ask_filesystems(const std::vector<HostMount>& mounts);

}  // namespace cgroup2::machine
