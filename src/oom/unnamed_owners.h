// SPDX-License-Identifier: Apache-2.0
// UnnamedOwners: owners of kills whose container has no name yet. The kubelet makes the link that
// names a container after the container was started (startContainer() in k/k
// pkg/kubelet/kuberuntime): on a busy node, a container may be killed and gone before that.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "oom/ledger_content.h"
#include "oom/owner_lookup.h"

namespace cgroup2::oom {

/// One thread. Times are those of the steady clock.
class UnnamedOwners {
 public:
  /// Takes the owner of kills in the cgroup at a path. Does nothing if it has a container's name or
  /// is a job, or if it is a user's: the files of users are written before a container starts.
  void add(const Owner& owner, const base::SharedText& path, base::TimePoint now);

  /// Asks for the names of those that are not `living` any more, after a second, then after two,
  /// four and so on for a minute, while there is time. Returns which owner has which name. Forgets
  /// those that have one, had their minute or are not in the ledger any more.
  [[nodiscard]] std::vector<std::pair<Owner, Owner>> ask(const std::set<Owner>& living,
                                                         const LedgerContent& ledger,
                                                         OwnerLookup& lookup, base::TimePoint now);

  /// Whether one that does not live any more may still get a name, as of the last ask().
  [[nodiscard]] bool has_waiting() const { return has_waiting_; }

 private:
  struct Unnamed {
    base::SharedText path;
    base::TimePoint last_living;
    base::TimePoint next;
  };

  std::map<Owner, Unnamed> owners_;
  bool has_waiting_ = false;
};

}  // namespace cgroup2::oom
