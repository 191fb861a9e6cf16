// SPDX-License-Identifier: Apache-2.0
// Processes: those of the cgroups, asked for their namespaces, with a count of what they said.
#pragma once

#include <optional>
#include <string_view>

#include "base/dir.h"
#include "base/read_errors.h"
#include "identity/namespaces.h"
#include "identity/source.h"

namespace cgroup2::identity {

/// What a cgroup's processes said when they were asked.
struct Facts {
  bool is_empty = false;
  bool is_denied = false;
  std::optional<Namespaces> namespaces{};

  friend bool operator==(const Facts&, const Facts&) = default;
};

/// Belongs to one thread. `counts` and `errors` must outlive it.
class Processes {
 public:
  /// `procfs` is the directory of the host's procfs. Counts and logs through `errors` if that
  /// belongs to another pid namespace than ours: then nobody is asked.
  Processes(base::Dir procfs, LookupCounts& counts, base::ReadErrors& errors);

  /// Whether the numbers in cgroup.procs mean the processes of this procfs.
  [[nodiscard]] bool may_be_asked() const { return may_be_asked_; }

  [[nodiscard]] const base::Dir& procfs() const { return procfs_; }

  /// Asks a process of the cgroup, whose `path` is for the log. Nothing if none could be asked
  /// although there may be some: what was known stays.
  [[nodiscard]] std::optional<Facts> ask(const base::Dir& cgroup, std::string_view path);

 private:
  base::Dir procfs_;
  LookupCounts& counts_;
  base::ReadErrors& errors_;
  bool may_be_asked_;
};

}  // namespace cgroup2::identity
