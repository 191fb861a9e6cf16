// SPDX-License-Identifier: Apache-2.0
// Floor: what no exporter can go below: a bare loop that reads the same files in the same way.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "cgroup/selection.h"

namespace cgroup2::bench {

/// Which files: all, or those that a poll must read: all but what only a write changes, what counts
/// swap space that the host does not have, and memory.events.local, which memory.events tells of.
enum class FloorFiles { all, hot };

/// The files of all cgroups that a poll reads, in the order in which it reads them: each is opened
/// below its directory, read and closed.
class Floor {
 public:
  /// `root` is the directory of the hierarchy, `selection` what the poll reads.
  Floor(const std::filesystem::path& root, const cgroup::Selection& selection,
        FloorFiles which = FloorFiles::all);

  /// Reads all of them once; returns the bytes.
  [[nodiscard]] std::size_t read();

  [[nodiscard]] std::size_t files() const { return files_.size(); }
  /// Counts those of that name.
  [[nodiscard]] std::size_t files(std::string_view name) const;

 private:
  struct File {
    const base::Dir* dir;
    const char* name;
  };

  std::vector<base::Dir> dirs_;
  std::vector<File> files_;
  std::vector<char> buffer_;
};

}  // namespace cgroup2::bench
