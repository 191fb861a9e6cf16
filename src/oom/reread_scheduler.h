// SPDX-License-Identifier: Apache-2.0
// RereadScheduler: which memory.events.local are read again and again for a while, and how often.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <unordered_set>

#include "base/time.h"
#include "base/token_bucket.h"
#include "oom/watch_list.h"

namespace cgroup2::oom {

/// Belongs to one thread.
class RereadScheduler {
 public:
  using Duration = base::Clock::duration;

  explicit RereadScheduler(base::TimePoint now) : tokens_({400'000, 5'000, 5'000}, now) {}

  /// Notes that an event of its file came: the next reread() reads it, even without tokens.
  void begin(Watched& watched, base::TimePoint now) {
    begin_without_event(watched, now);
    if (watched.events.is_open()) notified_.insert(watched.cgroup.id);
  }
  /// Notes that there may be kills in its file without an event of it: one of an ancestor's file
  /// came, or events were lost. It is read at the next step.
  void begin_without_event(Watched& watched, base::TimePoint now) {
    watched.reread_until = now + period;
    if (watched.events.is_open()) active_.insert(watched.cgroup.id);
  }

  [[nodiscard]] bool is_idle() const { return active_.empty(); }

  /// Returns the time until the next reread() that has something to do.
  [[nodiscard]] Duration until_step(base::TimePoint now) const {
    return std::max(next_ - now, Duration::zero());
  }

  /// Reads what had an event since the last time and, once a step, all others that tokens allow.
  /// `read(Watched&)` -> bool reads a file and is false once that is gone. Returns whether one of
  /// them has new kills.
  template <class Read>
  bool reread(const WatchList& list, base::TimePoint now, Read&& read) {
    tokens_.refill(now);
    const std::uint64_t before = reads_with_kills_;
    for (const auto id : notified_) {
      Watched* const watched = list.find(id);
      if (watched != nullptr && watched->events.is_open()) {
        tokens_.spend_at_once(1);
        (void)read_and_note_kills(*watched, now, read);
      }
    }
    if (now >= next_) {
      reread_active(list, now, read);
      next_ = now + (tokens_.has_tokens() ? min_step : max_step);
    }
    notified_.clear();
    return reads_with_kills_ > before;
  }

 private:
  template <class Read>
  void reread_active(const WatchList& list, base::TimePoint now, Read&& read) {
    const bool can_pay = tokens_.has_tokens();
    for (auto at = active_.begin(); at != active_.end();) {
      Watched* const watched = list.find(*at);
      bool goes_on =
          watched != nullptr && watched->reread_until >= now && watched->events.is_open();
      if (goes_on && can_pay && !notified_.contains(*at)) {
        tokens_.spend(1);
        goes_on = read_and_note_kills(*watched, now, read);
      }
      at = goes_on ? std::next(at) : active_.erase(at);
    }
  }

  // Returns whether the file is still there.
  template <class Read>
  bool read_and_note_kills(Watched& watched, base::TimePoint now, Read&& read) {
    const auto before = watched.last.oom_kill;
    const bool is_there = read(watched);
    if (watched.last.oom_kill > before) {
      ++reads_with_kills_;
      if (!watched.killed) watched.killed = now;
    }
    return is_there;
  }

  // The longest time from a notification to the removal that could swallow the next one is 10 ms,
  // 12 at HZ=250; the rest is for a thread that is woken late.
  static constexpr Duration period = std::chrono::milliseconds(15);
  static constexpr Duration min_step = std::chrono::microseconds(200);
  static constexpr Duration max_step = std::chrono::milliseconds(10);

  std::unordered_set<std::uint64_t> active_;    // ids
  std::unordered_set<std::uint64_t> notified_;  // those that reread() must not leave out
  base::TimePoint next_{};                      // when all are read
  // A token is a read of 2 us. Page cache that fills its limit notifies for hours: in the long run
  // this is 1 % of a core. The kernel notifies of one file 100 times a second at most.
  base::TokenBucket tokens_;
  std::uint64_t reads_with_kills_ = 0;  // new ones, since the start
};

}  // namespace cgroup2::oom
