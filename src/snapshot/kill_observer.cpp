// SPDX-License-Identifier: Apache-2.0
#include "snapshot/kill_observer.h"

#include <utility>

#include "oom/events.h"
#include "oom/watched.h"

namespace cgroup2::snapshot {
namespace {

// Passes after which memory.events.local is read though nothing asks for it: at least half of
// `turns`, at most one and a half, so that not all cgroups are due in the same pass.
constexpr std::uint64_t turns = 20;

}  // namespace

void KillObserver::begin_pass() {
  if (kept_.size() > observed_)
    std::erase_if(kept_, [&](const auto& entry) { return entry.second.seen_in != pass_; });
  ++pass_;
  observed_ = 0;
  texts_.clear();
}

oom::Observation KillObserver::observe(const cgroup::Node& node) {
  texts_.begin_cgroup();
  oom::Observation seen;
  seen.cgroup.id = node.id;
  seen.path = node.path;
  if (node.parent != nullptr) {
    seen.cgroup.parent = node.parent->id;
    seen.parent_index = node.parent->index;
  }
  char buffer[512];
  const auto total = node.dir.read_identified_at("memory.events", buffer);
  if (!total) return seen;
  texts_.add("memory.events", total->text);
  const auto total_events = oom::parse_events(total->text);
  if (!total_events) return seen;
  KnownTexts& kept = kept_[node.id];
  if (std::exchange(kept.seen_in, pass_) != pass_) ++observed_;
  const bool is_kept =
      kept.due_in > pass_ && kept.total_inode == total->inode && kept.total == total->text;
  if (!is_kept && !read_local(node, *total, kept)) return seen;
  texts_.add(oom::events_local_file, kept.local);
  if (const auto local_events = oom::parse_events(kept.local)) {
    seen.total = *total_events;
    seen.local = *local_events;
    seen.cgroup.generation = kept.generation;
  }
  return seen;
}

// Reads what follows memory.events, whose text is `total`. Only the inode of memory.events.local
// tells which counters it has.
bool KillObserver::read_local(const cgroup::Node& node, const base::Dir::Identified& total,
                              KnownTexts& kept) {
  char buffer[512];
  const auto local = node.dir.read_identified_at(oom::events_local_file, buffer);
  if (!local) {
    kept = KnownTexts();
    kept.seen_in = pass_;
    return false;
  }
  const bool is_same_total = kept.total_inode == total.inode && kept.total == total.text;
  const bool is_same_local = kept.generation == local->inode && kept.local == local->text;
  if (kept.has_differed && is_same_total) ++misses_;
  kept.has_differed = is_same_total && !is_same_local;
  kept.due_in = pass_ + 1;
  if (is_same_total && is_same_local) kept.due_in += turns / 2 + next_turn_++ % turns;
  kept.total_inode = total.inode;
  if (!is_same_total) kept.total = share(total.text);
  kept.generation = local->inode;
  if (!is_same_local) kept.local = share(local->text);
  return true;
}

const base::SharedText& KillObserver::share(std::string_view text) {
  if (last_shared_ != text) last_shared_ = base::SharedText(text);
  return last_shared_;
}

}  // namespace cgroup2::snapshot
