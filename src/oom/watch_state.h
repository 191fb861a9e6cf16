// SPDX-License-Identifier: Apache-2.0
// WatchState: what the watcher knows, and what follows from what it is told. Starts no thread and
// makes no system call; docs/oom-accounting.md, "Between two passes", has the facts of the kernel.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/inotify.h"
#include "base/result.h"
#include "base/time.h"
#include "oom/observation.h"
#include "oom/pending_opens.h"
#include "oom/reread_scheduler.h"
#include "oom/tracker_figures.h"
#include "oom/watch_list.h"
#include "oom/watch_shares.h"

namespace cgroup2::oom {

/// A directory that is to be opened by a thread that may wait: to watch the cgroup, or else to read
/// what its memory looks like now.
struct OpenRequest {
  base::SharedText path;
  std::uint64_t id = 0;                  ///< 0: whichever is there
  std::shared_ptr<PendingOpen> pending;  ///< of one that is to be watched
};

struct OpenResult {
  OpenRequest request;
  base::Result<OpenedCgroup> opened = base::Error{};  ///< of one that is to be watched
  LastMemory memory{};                                ///< of the others; empty for one that is gone
};

/// What a pass gets from the watcher.
struct WatchReport {
  /// Cgroups whose counters the walk did not read: those that are gone, each once, also before they
  /// could be opened, and those that it did not see or could not read, read now.
  std::vector<LateObservation> late;
  /// Of the others, by id, if their limit was reached since they are watched.
  std::map<std::uint64_t, LastMemory> memories;
  /// By id, when the first kills in a cgroup since the last report were seen.
  std::map<std::uint64_t, base::TimePoint> killed;
  /// Ids of cgroups in which something was made that is not opened yet.
  std::vector<std::uint64_t> pending;
  /// Tops of subtrees, as label values, in which cgroups are not watched because the kernel has no
  /// more watches.
  std::set<std::string> unwatched_subtrees;
  std::uint64_t number = 0;  ///< of the report, from 1; 0: nobody watches
  /// By observation: the first report since which the cgroup is watched without a gap and none of
  /// its files was written, `never` if it is not watched. What was read after that report is what
  /// a file says still, if nothing but a write to a file of the cgroup changes it.
  std::vector<std::uint64_t> unwritten_since;
  WatchFigures figures;
};

/// Belongs to one thread.
class WatchState {
 public:
  /// Reads the counters of a cgroup; false once it is gone (read_events()).
  using Read = std::function<bool(Watched&)>;

  WatchState(WatchShares shares, Read read, base::TimePoint now)
      : shares_(std::move(shares)), read_(std::move(read)), rereads_(now) {}

  /// Bounds the number of cgroups that are watched after a report.
  void set_max_count(std::size_t max_count) { shares_.set_max_count(max_count); }

  void on_event(const base::InotifyEvent& event, base::TimePoint now);
  /// Notes that events may be lost or late: any file may have been written.
  void on_gap() { gap_ = report_ + 1; }
  void on_opened(OpenResult result, base::TimePoint now);

  /// Reads the files again whose turn it is.
  void reread(base::TimePoint now);
  [[nodiscard]] bool has_rereads() const { return !rereads_.is_idle(); }
  [[nodiscard]] std::chrono::nanoseconds until_reread(base::TimePoint now) const {
    return rereads_.until_step(now);
  }

  /// Tells what the walk of a pass saw that began at `begun`, and gets what it did not see.
  /// `serve` is called now and then, so that events do not wait until all of it is read.
  [[nodiscard]] WatchReport report(std::span<const Observation> observations, base::TimePoint begun,
                                   base::TimePoint now, const std::function<void()>& serve);

  /// Takes out what is to be opened, and the watches that are to be ended.
  [[nodiscard]] std::vector<OpenRequest> take_requests() { return std::exchange(requests_, {}); }
  [[nodiscard]] std::vector<int> take_ended_watches() { return std::exchange(ended_, {}); }

  /// Whether a pass should come soon, since that was asked last: a cgroup appeared, or was killed.
  [[nodiscard]] bool take_has_news() { return std::exchange(has_news_, false); }
  /// Whether all cgroups of the last report are watched and nothing happened to them since.
  [[nodiscard]] bool is_quiet() const { return is_quiet_; }
  /// Returns the error for which a cgroup could not be watched, once; code 0: none.
  [[nodiscard]] base::Error take_failure() { return std::exchange(failure_, base::Error{}); }

 private:
  // What a report finds in the list beside kills and memories.
  struct ListSummary {
    std::vector<std::uint64_t> late;  // ids of those whose counters the walk did not read
    bool is_any_removed = false;
  };

  void handle(Watched& watched, const base::InotifyEvent& event, base::TimePoint at);
  void on_counters_changed(Watched& watched, base::TimePoint at);
  void on_watched(OpenResult& result, base::TimePoint now);
  void add(OpenedCgroup opened, const PendingOpen& pending);
  void note_unopened(const PendingOpen& pending, base::TimePoint now);
  void note_removal(const std::string& path, base::TimePoint at);
  void open_child(const Watched& parent, std::string_view name);
  [[nodiscard]] ListSummary report_kills_and_memories(WatchReport& report);
  void erase_known_or_gone(std::vector<const Observation*>& unknown,
                           std::span<const LateObservation> late) const;
  [[nodiscard]] std::size_t count_watched_and_reopen(std::span<const Observation> observations);
  void unwatch_excess(std::vector<const Observation*>& unknown, WatchReport& report);
  void open(const Observation& seen);
  void report_late(std::uint64_t id, base::TimePoint begun, base::TimePoint now,
                   WatchReport& report);
  [[nodiscard]] std::size_t used_watches() const { return list_.size() + pending_.size(); }

  WatchShares shares_;
  const Read read_;
  WatchList list_;
  RereadScheduler rereads_;
  PendingOpens pending_;
  struct Unopened {
    LateObservation late;
    base::TimePoint gone;
  };
  std::vector<Unopened> unopened_;  // gone before they could be opened
  std::uint64_t unopened_count_ = 0;
  std::uint64_t report_ = 0;
  std::uint64_t gap_ = 0;  // the first report after the last gap
  std::uint64_t overflows_ = 0;
  std::vector<OpenRequest> requests_;
  std::vector<int> ended_;
  base::Error failure_;
  bool is_full_ = false;  // no more watches can be had for the moment
  bool has_news_ = false;
  bool is_quiet_ = false;
};

}  // namespace cgroup2::oom
