// SPDX-License-Identifier: Apache-2.0
// PollSchedule: when to poll and when to scan, and which snapshot is new enough. Reads no clock:
// every time is passed in.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"

namespace cgroup2::snapshot {

struct Timing {
  std::chrono::milliseconds interval;      ///< between scans when nobody scrapes
  std::chrono::milliseconds min_interval;  ///< a scrape gets a snapshot no older than this
  std::chrono::milliseconds max_wait;      ///< a scrape waits no longer than this for a poll
  std::chrono::milliseconds timeout;       ///< a snapshot older than this is given to nobody
};

/// Not safe for several threads at once: its owner guards it.
class PollSchedule {
 public:
  enum class Step { poll, scan, wait };
  struct Next {
    Step step;
    base::TimePoint until{};  ///< of `wait`

    bool operator==(const Next&) const = default;
  };

  explicit PollSchedule(Timing timing) : timing_(timing) {}

  void set_timing(Timing timing) { timing_ = timing; }

  /// Notes that somebody waits for a snapshot that began at `oldest` or later.
  void want(base::TimePoint oldest);
  /// Notes that a scan should come soon: soon enough to see what is new, seldom enough to take no
  /// more than about 5 % of a core.
  void wake() { is_woken_ = true; }

  /// What is to be done now. The first poll comes unasked.
  [[nodiscard]] Next next(base::TimePoint now) const;

  /// Notes that a scan begins: it serves all wakes before it.
  void begin_scan() { is_woken_ = false; }
  void end_scan(base::TimePoint begun, base::TimePoint now);
  /// Notes that a poll ended. Nobody waits any more for a snapshot that would have begun when it
  /// began or before, even if it failed: it is not tried again and again. Only the first poll,
  /// which nobody asked for, is tried again for those who wait.
  void end_poll(base::TimePoint begun, base::TimePoint now, bool has_failed);
  /// Notes that a poll or a scan that began at `begun` was done.
  void note_answer(base::TimePoint begun) { answered_ = begun; }

  /// When a snapshot must have begun to be given to a scrape that came now.
  [[nodiscard]] base::TimePoint oldest_fresh(base::TimePoint now) const {
    return now - timing_.min_interval;
  }
  /// Until when a scrape that came now waits for such a snapshot. `patience` is its own bound.
  [[nodiscard]] base::TimePoint end_of_wait(
      base::TimePoint now, std::optional<std::chrono::milliseconds> patience) const;
  /// Whether a snapshot that began at `begun` may still be given to anybody.
  [[nodiscard]] bool may_be_given(base::TimePoint begun, base::TimePoint now) const {
    return now - begun <= timing_.timeout;
  }
  /// Whether the kernel answers: the last poll or scan that was done began no longer ago than
  /// interval and timeout together. False before the first.
  [[nodiscard]] bool is_answered(base::TimePoint now) const;

 private:
  Timing timing_;
  std::optional<base::TimePoint> wanted_;    // somebody waits for a snapshot begun then or later
  bool is_woken_ = false;                    // since the last scan began
  std::optional<base::TimePoint> ended_;     // the last poll or scan
  std::optional<base::TimePoint> answered_;  // when the last one that was done began
  base::TimePoint next_scan_{};              // not before, however often somebody wakes
};

}  // namespace cgroup2::snapshot
