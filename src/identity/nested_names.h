// SPDX-License-Identifier: Apache-2.0
// NestedNames: looks up the names of containers that run inside of others, in the files that the
// runtimes in there keep.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/shared_text.h"
#include "identity/annotations.h"
#include "identity/backoff.h"
#include "identity/member_root.h"

namespace cgroup2::identity {

/// Knows the files of Docker and of containerd's CRI plugin in their usual places. Whoever is in
/// the outer container wrote them, so a name counts for the cgroups of that container alone. Each
/// is looked up for a minute. Belongs to one thread.
class NestedNames {
 public:
  using Clock = Backoff::Clock;
  /// The path of the outer container's own cgroup, and the inner one's id: 64 hex digits.
  using Key = std::pair<std::string, std::string>;
  /// Opens the root directory of a process in the outer container.
  using OpenRoot = std::function<base::Result<MemberRoot>(const std::string& outer)>;
  /// Calls a task on the thread that may open such roots and read below them.
  using Run = std::function<void(const std::function<void()>& task)>;

  /// Sets whose names are looked up, and forgets all others.
  void set(const std::set<Key>& wanted);

  /// Returns when there is something to look up.
  [[nodiscard]] Clock::time_point next_look() const { return next_look_; }

  /// Looks up those that are due and returns whether any name came. Begins with no outer container
  /// when `max_time` is over, and reads 8 files and 2 MiB of each; what is left comes next.
  bool look(Clock::time_point now, const Run& run, const OpenRoot& open,
            Clock::duration max_time = std::chrono::milliseconds(50));

  /// Returns the name of a container; empty if it has none.
  [[nodiscard]] base::SharedText name_of(const Key& key) const;

 private:
  struct NestedEntry {
    base::SharedText name{};
    Backoff backoff{};
    unsigned looks = 0;
    bool is_done = false;
  };
  using Entries = std::map<Key, NestedEntry>;

  bool look_in(const std::string& outer, Clock::time_point now, const Run& run,
               const OpenRoot& open);

  Annotations annotations_{{}};
  Entries entries_;
  std::string last_outer_;  // which had the last turn
  Clock::time_point next_look_ = Clock::time_point::max();
};

}  // namespace cgroup2::identity
