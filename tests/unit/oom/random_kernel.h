// SPDX-License-Identifier: Apache-2.0
// A made-up kernel with cgroups that come, go and are killed in at random.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "unit/oom/books.h"

namespace cgroup2::oom::test {

/// How many random kernels a test tries: `usual`, or CGROUP2_TEST_SEEDS.
inline unsigned seeds(unsigned usual) {
  const char* const asked = std::getenv("CGROUP2_TEST_SEEDS");
  return asked == nullptr ? usual : static_cast<unsigned>(std::stoul(asked));
}

/// Its state changes between the single reads of a pass.
class RandomKernel {
 public:
  explicit RandomKernel(unsigned seed, bool has_gaps = false) : random_(seed), has_gaps_(has_gaps) {
    cgroups_[1] = {};
  }

  // Something happens, or nothing.
  void act() {
    switch (random_() % 10) {
      case 0:
      case 1:
        make();
        break;
      case 2:
      case 3:
        kill();
        break;
      case 4:
        remove();
        break;
      case 5:
        if (random_() % 4 == 0) ++host_;  // a process in the root
        break;
      default:
        break;
    }
  }

  // Quiet: nothing happens during the pass. Settled: no gap comes or goes before it either.
  void pass(Books& books, bool is_quiet, bool is_settled = false) {
    const auto act_between = [&] {
      if (!is_quiet) act();
    };
    finish_kill();
    // For an instant only the host has it; not in one pass after the other.
    had_pending_ = !is_quiet && !had_pending_ && random_() % 8 == 0;
    if (had_pending_) begin_kill();
    const auto host = host_;
    if (has_gaps_ && !is_settled) change_gaps();
    for (auto& each : gone_) each.removed_before_pass = true;
    std::vector<Observation> observations;
    std::map<std::uint64_t, std::size_t> seen_ids;
    const auto visit = [&](auto&& self, std::uint64_t id, std::size_t parent) -> void {
      Observation seen_now{.cgroup = {.id = id}, .parent_index = parent};
      if (id != 1 && cgroups_.contains(id)) {
        seen_now.cgroup.generation = id + 1000;
        seen_now.total.oom_kill = cgroups_[id].total;
        act_between();
        finish_kill();
        if (cgroups_.contains(id) && !cgroups_[id].is_unreadable) {
          seen_now.local.oom_kill = cgroups_[id].local;
        } else {
          seen_now.cgroup.generation = 0;
        }
      }
      const auto at = observations.size();
      seen_ids[id] = at;
      observations.push_back(seen_now);
      std::vector<std::uint64_t> children;
      for (const auto& [child, cgroup] : cgroups_)
        if (cgroup.parent == id && !cgroup.is_hidden) children.push_back(child);
      for (const auto child : children) {
        act_between();
        self(self, child, at);
      }
    };
    visit(visit, 1, Observation::no_parent);
    std::vector<LateObservation> late;
    std::vector<LateObservation> later;
    // What is still being opened: the watcher does not know what is below.
    std::vector<std::uint64_t> pending;
    std::set<std::uint64_t> pending_ids;
    const auto is_pending = [&](std::uint64_t id, std::uint64_t parent) {
      if (!pending_ids.contains(parent) && (is_quiet || random_() % 4 != 0)) return false;
      pending.push_back(parent);
      pending_ids.insert(id);
      return true;
    };
    for (const auto& [id, cgroup] : cgroups_) {
      if (id == 1) continue;
      const auto at = seen_ids.find(id);
      const bool is_read = at != seen_ids.end() && observations[at->second].cgroup.generation != 0;
      const bool is_too_new = at == seen_ids.end() && !is_out_of_sight(id);
      const bool is_told =
          is_too_new ? !is_pending(id, cgroup.parent) : !is_read && cgroup.is_watched;
      if (is_told)
        late.push_back(
            {.cgroup = {id, cgroup.parent, id + 1000}, .local = {.oom_kill = cgroup.local}});
    }
    for (const auto& each : gone_) {
      const auto at = seen_ids.find(each.cgroup.id);
      const bool was_read = at != seen_ids.end() && observations[at->second].cgroup.generation != 0;
      const bool is_later = was_read || is_pending(each.cgroup.id, each.cgroup.parent);
      (is_later ? later : late).push_back(each);
    }
    gone_ = later;
    const bool is_partial =
        std::ranges::any_of(cgroups_, [](const auto& cgroup) { return cgroup.second.is_hidden; });
    books.pass(host, observations, late, pending, is_partial);
  }

  // A new watcher knows nothing of what is gone.
  void forget_gone() { gone_.clear(); }

  [[nodiscard]] std::uint64_t host() const { return host_; }

 private:
  struct Cgroup {
    std::uint64_t parent = 0;
    std::uint64_t total = 0;
    std::uint64_t local = 0;
    bool is_hidden = false;  // beyond the bound, and what is below it
    bool is_unreadable = false;
    bool is_watched = false;  // known to the watcher though it is hidden or cannot be read
  };

  void change_gaps() {
    for (auto& [id, cgroup] : cgroups_) {
      if (id == 1) continue;
      if (random_() % 8 == 0) cgroup.is_hidden = !cgroup.is_hidden;
      if (random_() % 8 == 0) cgroup.is_unreadable = !cgroup.is_unreadable;
    }
  }
  bool is_out_of_sight(std::uint64_t id) {
    for (; id != 1; id = cgroups_[id].parent)
      if (cgroups_[id].is_hidden) return true;
    return false;
  }

  std::uint64_t any() {
    auto at = cgroups_.begin();
    std::advance(at, static_cast<long>(random_() % cgroups_.size()));
    return at->first;
  }
  void make() {
    if (cgroups_.size() < 12) {
      const auto parent = any();
      cgroups_[++last_].parent = parent;
      // Who watches a cgroup watches those above it, which tell of it.
      cgroups_[last_].is_watched =
          has_gaps_ && (parent == 1 || cgroups_[parent].is_watched) && random_() % 4 != 0;
    }
  }
  void begin_kill() {  // vmstat has it, the cgroup not yet
    const auto id = any();
    if (id == 1 || pending_ != 0) return;
    ++host_;
    pending_ = id;
  }
  void finish_kill() {
    if (pending_ == 0) return;
    ++cgroups_[pending_].local;
    for (auto id = pending_; id != 1; id = cgroups_[id].parent) ++cgroups_[id].total;
    pending_ = 0;
  }
  void kill() {
    begin_kill();
    finish_kill();
  }
  void remove() {
    const auto id = any();
    for (const auto& [child, cgroup] : cgroups_)
      if (cgroup.parent == id || id == 1 || pending_ == id) return;
    const Cgroup& cgroup = cgroups_[id];
    if (id == 1) return;
    auto last = gone(id, cgroup.parent, cgroup.local);
    last.removed_before_pass = false;
    last.ended_with_event = random_() % 2 == 0;
    if (last.local.oom_kill > 0 && random_() % 3 == 0) --last.local.oom_kill;  // read too late
    if (random_() % 5 == 0) {  // gone before the watcher could open it
      last = {.cgroup = {id + 1'000'000, cgroup.parent, 0}, .is_gone = true, .was_opened = false};
    }
    if (!is_out_of_sight(id) || cgroup.is_watched) gone_.push_back(last);
    cgroups_.erase(id);
  }

  std::mt19937 random_;
  bool has_gaps_;
  std::map<std::uint64_t, Cgroup> cgroups_;
  std::vector<LateObservation> gone_;
  std::uint64_t host_ = 0;
  std::uint64_t last_ = 1;
  std::uint64_t pending_ = 0;
  bool had_pending_ = false;
};

}  // namespace cgroup2::oom::test
