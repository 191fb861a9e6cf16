// SPDX-License-Identifier: Apache-2.0
// EventTexts: what a walk has read of files of events, for the samples: no file is read twice in a
// poll.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cgroup/cgroup_to_read.h"
#include "cgroup/interface.h"

namespace cgroup2::snapshot {

/// Keeps its memory from poll to poll. Belongs to the poller's thread.
class EventTexts {
 public:
  explicit EventTexts(cgroup::Interface& interface) : interface_(interface) {}

  /// Begins a walk, or its next pass.
  void clear();
  /// Begins a cgroup, in the order of the walk.
  void begin_cgroup() { firsts_.push_back(parts_.size()); }
  /// Adds the content of a file of that cgroup.
  void add(std::string_view file, std::string_view text);

  /// Ends the walk: now of() may be called, until the next clear().
  void finish();
  /// Returns the files of the cgroup at that position of the walk. None before the first walk.
  [[nodiscard]] std::span<const cgroup::FileText> of(std::size_t position) const;

 private:
  struct Extent {
    cgroup::FileId file;
    std::size_t begin;  // in bytes_
    std::size_t size;
  };

  cgroup::Interface& interface_;
  std::string bytes_;
  std::vector<Extent> parts_;
  std::vector<std::size_t> firsts_;      // of the parts of each cgroup
  std::vector<cgroup::FileText> texts_;  // of the parts
};

}  // namespace cgroup2::snapshot
