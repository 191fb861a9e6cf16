// SPDX-License-Identifier: Apache-2.0
#include "oom/watch_state.h"

#include <algorithm>
#include <cerrno>
#include <unordered_set>
#include <utility>

#include "base/cgroup_path.h"
#include "base/read_errors.h"

namespace cgroup2::oom {
namespace {

// From a kill to the removal that follows it. Both come through the same queue.
constexpr std::chrono::milliseconds max_to_removal{50};

constexpr std::size_t max_descendants_to_reread = 256;
constexpr std::chrono::seconds between_memory_reads{1};

// Late cgroups of a report that are read before the events are looked at again.
constexpr std::size_t between_serves = 16;

// Reports whose walks may not see a cgroup without counters that lives.
constexpr std::uint64_t max_unobserved = 8;

// Ids of cgroups that nobody could open. The kernel counts up from 1, in 64 bits.
constexpr std::uint64_t first_unopened_id = std::uint64_t{1} << 63;

bool is_out_of_watches(int code) { return code == ENOSPC || code == ENOMEM; }

}  // namespace

void WatchState::on_event(const base::InotifyEvent& event, base::TimePoint now) {
  if (event.has(IN_Q_OVERFLOW)) {
    ++overflows_;
    on_gap();
    is_quiet_ = false;
    list_.visit_all([&](Watched& watched) { rereads_.begin_without_event(watched, now); });
    has_news_ = true;
  } else if (Watched* const watched = list_.find_watch(event.watch)) {
    handle(*watched, event, now);
  } else if (event.has(IN_ISDIR) || event.name == events_local_file) {
    pending_.keep({event.watch, event.mask, std::string(event.name), now});
  }
}

void WatchState::handle(Watched& watched, const base::InotifyEvent& event, base::TimePoint at) {
  const bool is_child = event.has(IN_ISDIR);
  if (event.has(IN_CREATE) && is_child) {
    is_quiet_ = false;
    open_child(watched, event.name);
  } else if (event.has(IN_DELETE) && is_child) {
    is_quiet_ = false;
    note_removal(base::child_path(watched.path, event.name), at);
  } else if (event.has(IN_MODIFY) && event.name == events_local_file) {
    is_quiet_ = false;
    on_counters_changed(watched, at);
  } else if (event.has(IN_MODIFY) && may_change_settings(event.name)) {
    if (watched.unwritten_since != never) watched.unwritten_since = report_ + 1;
  } else if (event.has(IN_IGNORED)) {
    watched.unwritten_since = never;  // the kernel has ended the watch
  }
}

// A limit may be an ancestor's, whose file tells first: so its descendants are read too.
void WatchState::on_counters_changed(Watched& watched, base::TimePoint at) {
  watched.last_event = at;
  rereads_.begin(watched, at);
  std::size_t count = 0;
  list_.visit_below(watched, [&](Watched& below) {
    rereads_.begin_without_event(below, at);
    return ++count < max_descendants_to_reread;
  });
  // memory.stat may flush the statistics of a subtree.
  if (watched.is_memory_pending || at - watched.memory_asked < between_memory_reads) return;
  watched.is_memory_pending = true;
  watched.memory_asked = at;
  requests_.push_back({watched.path, watched.cgroup.id, nullptr});
}

void WatchState::note_removal(const std::string& path, base::TimePoint at) {
  Watched* const child = list_.find_path(path);
  if (child != nullptr && !child->removed) child->removed = at;
  pending_.note_removal(path, at);
}

void WatchState::open_child(const Watched& parent, std::string_view name) {
  const base::SharedText path = base::child_path(parent.path, name);
  const Watched* const known = list_.find_path(path);
  if (known != nullptr && !known->removed) return;
  const auto used = used_watches();
  if (is_full_ || (used >= shares_.max_count() && used >= shares_.limit_for(path))) {
    // A pass makes room for it: see unwatch_excess().
    if (!shares_.is_users(path)) has_news_ = true;
    return;
  }
  auto pending = pending_.begin(path, 0, parent.cgroup.id);
  if (pending) requests_.push_back({path, 0, std::move(pending)});
}

void WatchState::on_opened(OpenResult result, base::TimePoint now) {
  if (result.request.pending) {
    pending_.end(result.request.pending);
    on_watched(result, now);
    pending_.forget();
  } else if (Watched* const watched = list_.find(result.request.id)) {
    watched->is_memory_pending = false;
    // Of one that is gone, what was read before is the last.
    if (result.memory != LastMemory()) watched->memory = result.memory;
  }
}

void WatchState::on_watched(OpenResult& result, base::TimePoint now) {
  const PendingOpen& pending = *result.request.pending;
  if (pending.id == 0) has_news_ = true;
  if (result.opened) {
    is_full_ = false;
    add(std::move(*result.opened), pending);
    return;
  }
  const auto& error = result.opened.error();
  if (!base::is_absence(error.code)) {
    is_full_ = is_full_ || is_out_of_watches(error.code);
    failure_ = error;
  } else if (list_.find(pending.id) == nullptr && !pending_.is_finished(pending.id)) {
    note_unopened(pending, now);
  }
}

void WatchState::add(OpenedCgroup opened, const PendingOpen& pending) {
  if (opened.lacks_descriptor) failure_ = {EMFILE, "open"};
  const auto id = opened.watched.cgroup.id;
  const bool is_new = list_.find(id) == nullptr;
  // Of one that was opened twice, the first one may be done with: its kills would count again.
  const bool is_too_many =
      list_.size() >= shares_.max_count() && list_.size() >= shares_.limit_for(opened.watched.path);
  if (is_new && (is_too_many || pending_.is_finished(id))) {
    ended_.push_back(opened.watched.watch);
    return;
  }
  Watched& watched = list_.add(std::move(opened.watched));
  watched.observed_in = report_;
  watched.unwritten_since = report_ + 1;
  if (is_new && pending.is_gone) watched.removed = pending.gone;
  for (const auto& child : opened.children) open_child(watched, child);
  if (!is_new) return;
  for (const auto& event : pending_.take_early(watched.watch))
    handle(watched, {event.watch, event.mask, event.name}, event.at);
}

void WatchState::note_unopened(const PendingOpen& pending, base::TimePoint now) {
  has_news_ = true;
  const auto id = pending.id != 0 ? pending.id : first_unopened_id + unopened_count_++;
  unopened_.push_back({{.cgroup = {id, pending.parent, 0},
                        .path = pending.path,
                        .is_gone = true,
                        .was_opened = false},
                       pending.is_gone ? pending.gone : now});
}

void WatchState::reread(base::TimePoint now) {
  if (rereads_.reread(list_, now, read_)) has_news_ = true;
  if (has_news_) is_quiet_ = false;
}

WatchReport WatchState::report(std::span<const Observation> observations, base::TimePoint begun,
                               base::TimePoint now, const std::function<void()>& serve) {
  WatchReport report;
  report.number = ++report_;
  report.unwritten_since.reserve(observations.size());
  std::vector<const Observation*> unknown;
  for (const Observation& seen : observations) {
    Watched* const watched = list_.find(seen.cgroup.id);
    report.unwritten_since.push_back(watched == nullptr ? never
                                                        : std::max(watched->unwritten_since, gap_));
    if (watched == nullptr) {
      if (!pending_.note_observed(seen.path, report_)) unknown.push_back(&seen);
      continue;
    }
    watched->observed_in = report_;
    if (seen.cgroup.generation != 0) watched->counted_in = report_;
  }
  report.pending = pending_.parents_of_unobserved(report_);
  const ListSummary listed = report_kills_and_memories(report);
  std::size_t count = 0;
  for (const auto id : listed.late) {
    if (++count % between_serves == 0) serve();
    report_late(id, begun, now, report);
  }
  for (Unopened& each : std::exchange(unopened_, {})) {
    each.late.removed_before_pass = each.gone < begun;
    report.late.push_back(std::move(each.late));
  }
  erase_known_or_gone(unknown, report.late);
  unwatch_excess(unknown, report);
  report.figures.watched = count_watched_and_reopen(observations);
  for (const Observation* seen : unknown) open(*seen);
  const auto watched = report.figures.watched + pending_.observed();
  report.figures.unwatched = observations.size() - std::min(observations.size(), watched);
  report.figures.overflows = overflows_;
  is_quiet_ = report.figures.watched == observations.size() && report.late.empty() &&
              !listed.is_any_removed && !has_news_ && pending_.size() == 0 && rereads_.is_idle();
  return report;
}

// Moves the times of kills into the report, and the memory of those that the walk counted. The
// others are late, as is one that was removed while the walk saw it: what is known here is the
// last.
WatchState::ListSummary WatchState::report_kills_and_memories(WatchReport& report) {
  ListSummary listed;
  list_.visit_all([&](Watched& watched) {
    listed.is_any_removed = listed.is_any_removed || watched.removed.has_value();
    if (const auto killed = std::exchange(watched.killed, std::nullopt))
      report.killed.emplace(watched.cgroup.id, *killed);
    if (watched.counted_in != report_) {
      listed.late.push_back(watched.cgroup.id);
    } else if (watched.memory != LastMemory()) {
      report.memories.emplace(watched.cgroup.id, watched.memory);
    }
  });
  return listed;
}

void WatchState::report_late(std::uint64_t id, base::TimePoint begun, base::TimePoint now,
                             WatchReport& report) {
  Watched* const watched = list_.find(id);
  bool is_gone = watched->removed.has_value();
  if (watched->cgroup.generation == 0) {
    // Its removal may have been lost with the events of a full queue.
    is_gone = is_gone || watched->observed_in + max_unobserved < report_;
    if (!is_gone) return;
  } else if (!is_gone) {
    const auto before = watched->last.oom_kill;
    is_gone = !watched->events.is_open() || !read_(*watched);
    has_news_ = has_news_ || watched->last.oom_kill > before;
  }
  const auto removed = watched->removed.value_or(now);
  report.late.push_back({.cgroup = watched->cgroup,
                         .path = watched->path,
                         .local = watched->last,
                         .memory = watched->memory,
                         .is_gone = is_gone,
                         .removed_before_pass = removed < begun,
                         .ended_with_event = watched->last_event != base::TimePoint() &&
                                             removed - watched->last_event <= max_to_removal});
  if (!is_gone) return;
  pending_.note_finished(id);
  ended_.push_back(list_.take_out(id).watch);
}

// Leaves in `unknown` what neither was added since nor went after the walk saw it.
void WatchState::erase_known_or_gone(std::vector<const Observation*>& unknown,
                                     std::span<const LateObservation> late) const {
  std::unordered_set<std::uint64_t> gone;
  for (const LateObservation& each : late) {
    if (each.is_gone) gone.insert(each.cgroup.id);
  }
  std::erase_if(unknown, [&](const Observation* seen) {
    return gone.contains(seen->cgroup.id) || list_.find(seen->cgroup.id) != nullptr;
  });
}

// Counts those that are watched with the file that the walk read; opens those with another one.
std::size_t WatchState::count_watched_and_reopen(std::span<const Observation> observations) {
  std::size_t count = 0;
  for (const Observation& seen : observations) {
    const Watched* const watched = list_.find(seen.cgroup.id);
    const bool is_same = watched != nullptr && watched->cgroup.generation == seen.cgroup.generation;
    if (is_same) ++count;
    if (watched != nullptr && !is_same) open(seen);
  }
  return count;
}

void WatchState::open(const Observation& seen) {
  auto pending = pending_.begin(seen.path, seen.cgroup.id, seen.cgroup.parent);
  if (pending) requests_.push_back({seen.path, seen.cgroup.id, std::move(pending)});
}

// Makes room for those that have a better right, and leaves in `unknown` what may be watched. While
// no more watches can be had one is tried in each report.
void WatchState::unwatch_excess(std::vector<const Observation*>& unknown, WatchReport& report) {
  if (unknown.empty()) is_full_ = false;
  auto max = shares_.max_count() - std::min(shares_.max_count(), pending_.size());
  if (is_full_) max = std::min(max, list_.size());
  if (list_.size() + unknown.size() <= max) return;
  auto excess = shares_.find_excess(list_, unknown, report_, max);
  std::vector<std::uint64_t> unwatched;
  for (const auto id : excess.ids) {
    if (list_.find(id) != nullptr) unwatched.push_back(id);
  }
  for (const auto id : unwatched) ended_.push_back(list_.take_out(id).watch);
  if (is_full_ && unwatched.empty()) excess.ids.erase(unknown.front()->cgroup.id);
  std::erase_if(unknown,
                [&](const Observation* seen) { return excess.ids.contains(seen->cgroup.id); });
  if (is_full_) report.unwatched_subtrees = std::move(excess.tops);
}

}  // namespace cgroup2::oom
