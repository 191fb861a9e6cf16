// SPDX-License-Identifier: Apache-2.0
// Keeps what files said that only a write to a file of their cgroup changes (Changes::on_write), or
// swap space that the host does not have (Changes::with_swap), so that a poll need not read them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "catalog/catalog.h"
#include "cgroup/cgroup_to_read.h"
#include "cgroup/file_plan.h"
#include "cgroup/interface.h"

namespace cgroup2::cgroup {

/// Counts how often a file was found to differ from what was kept of it though nobody was told of
/// a write, by index in catalog::files.
using ColdFileMisses = std::array<std::uint64_t, catalog::file_count>;

/// Values are kept for each cgroup as a whole: either all of its files are read, or none. One
/// twentieth of the cgroups is read all the same in each poll, and compared. Belongs to the
/// poller's thread.
class KeptValues {
 public:
  explicit KeptValues(const Interface& interface) : interface_(interface) {}

  /// Forgets all values: what is wanted of the files changes, or the numbers of the labels.
  void clear() { cgroups_.clear(); }

  /// Begins a poll that reads these cgroups after the watcher's report of that number (0: nobody
  /// watches). Forgets all other cgroups. Allocates for new ones only.
  void begin(std::span<const CgroupToRead> cgroups, std::uint64_t report);

  /// Says whether the kept values of the cgroup at that index are what its files say now.
  [[nodiscard]] bool is_valid(std::size_t at) const {
    return current_[at] != nullptr && current_[at]->is_valid;
  }

  /// Pushes what is kept of a file. For each file of a valid cgroup, in the order in which they
  /// were read.
  void replay(std::size_t at, FileId file, const Destination& to);

  /// Keeps what a file said, for each file of a cgroup that is not valid. One that could not be
  /// read (`is_read` is false) makes the next poll read all files of the cgroup.
  void keep(std::size_t at, FileId file, std::span<FileValue> values, bool is_read);

  /// A write that has not returned yet when a file is compared is no miss: what the next poll's
  /// report says decides. So a difference is counted one poll later.
  [[nodiscard]] const ColdFileMisses& misses() const { return misses_; }

 private:
  struct CgroupValues {
    std::uint64_t report = 0;   // that came before the values were read
    std::uint64_t read_in = 0;  // the last poll
    unsigned turn = 0;          // when it is compared
    bool is_exported = false;
    bool is_whole = false;  // every file was read
    bool is_valid = false;
    bool is_compared = false;
    std::size_t files_hash = 0;          // of the files that the directory has
    std::vector<FileValue> values;       // in the order in which files are read
    std::size_t next = 0;                // of `values`, in the current poll
    std::vector<std::size_t> differing;  // rows of files that differed in the last poll
  };

  void prepare(CgroupValues& kept, const CgroupToRead& cgroup, std::uint64_t report);

  const Interface& interface_;
  std::unordered_map<std::uint64_t, CgroupValues> cgroups_;  // by id
  std::vector<CgroupValues*> current_;  // by index in the current poll; nullptr: nothing is kept
  std::uint64_t polls_ = 0;
  unsigned next_turn_ = 0;
  ColdFileMisses misses_{};
};

}  // namespace cgroup2::cgroup
