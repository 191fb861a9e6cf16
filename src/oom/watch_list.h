// SPDX-License-Identifier: Apache-2.0
// WatchList: the cgroups that are watched, by id, watch and path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/cgroup_path.h"
#include "oom/watched.h"

namespace cgroup2::oom {

/// Belongs to one thread. Pointers stay valid until the cgroup is taken out.
class WatchList {
 public:
  /// Adds one. Of one that is known the file is replaced if it is of another generation.
  Watched& add(Watched watched);
  /// Takes one out and returns it as it was known. Its watch is the caller's to end.
  Watched take_out(std::uint64_t id);

  /// Find it; nullptr if it is not known.
  [[nodiscard]] Watched* find(std::uint64_t id) const;
  [[nodiscard]] Watched* find_watch(int watch) const;
  [[nodiscard]] Watched* find_path(std::string_view path) const;
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }

  template <class Visit>
  void visit_all(Visit&& visit) const {
    for (const auto& [id, watched] : by_id_) visit(*watched);
  }
  /// Calls visit(Watched&) -> bool for every cgroup below, until it is false.
  template <class Visit>
  void visit_below(const Watched& top, Visit&& visit) const {
    const std::string prefix = base::child_path(top.path, "");
    for (auto at = by_path_.lower_bound(prefix);
         at != by_path_.end() && at->first.starts_with(prefix); ++at) {
      if (at->second != &top && !visit(*at->second)) return;
    }
  }

 private:
  std::unordered_map<std::uint64_t, std::unique_ptr<Watched>> by_id_;
  std::unordered_map<int, Watched*> by_watch_;
  std::map<std::string_view, Watched*> by_path_;  // the keys are Watched::path
};

}  // namespace cgroup2::oom
