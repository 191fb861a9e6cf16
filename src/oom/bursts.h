// SPDX-License-Identifier: Apache-2.0
// Bursts: which cgroups are read again and again for a while, and what that may cost.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <unordered_set>

#include "oom/watch_list.h"

namespace cgroup2::oom {

/// Belongs to one thread.
class Bursts {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Bursts(Clock::time_point now) : refilled_(now) {}

  /// Its file was told of: the next read() reads it, whatever the account says.
  void begin(Watched& watched, Clock::time_point now) {
    begin_beside(watched, now);
    if (watched.events.is_open()) told_.insert(watched.id);
  }
  /// An ancestor's file was told of: it is read at the next step.
  void begin_beside(Watched& watched, Clock::time_point now) {
    watched.burst_until = now + length;
    if (watched.events.is_open()) active_.insert(watched.id);
  }

  [[nodiscard]] bool is_idle() const { return active_.empty(); }

  /// Until the next read() that has something to do.
  [[nodiscard]] Clock::duration step(Clock::time_point now) const {
    return std::max(next_ - now, Clock::duration::zero());
  }

  /// Reads what was told of since the last time and, once a step, all others that can be paid.
  /// Returns whether one of them has new kills.
  bool read(const WatchList& list, Clock::time_point now) {
    refill(now);
    const std::uint64_t kills_before = kills_;
    const double floor = std::min(credit_, -most_debt);
    for (const auto id : told_) {
      if (Watched* const watched = list.find(id)) (void)read(*watched);
    }
    credit_ = std::max(credit_, floor);
    if (now >= next_) {
      read_active(list, now);
      next_ = now + (credit_ > 0 ? shortest_step : longest_step);
    }
    told_.clear();
    return kills_ > kills_before;
  }

  /// Of all files, since the start.
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

 private:
  void refill(Clock::time_point now) {
    const std::chrono::duration<double> since = now - refilled_;
    refilled_ = now;
    credit_ = std::min(most_credit, credit_ + credit_per_second * since.count());
  }

  void read_active(const WatchList& list, Clock::time_point now) {
    const bool can_pay = credit_ > 0;
    for (auto at = active_.begin(); at != active_.end();) {
      Watched* const watched = list.find(*at);
      bool goes_on = watched != nullptr && watched->burst_until >= now && watched->events.is_open();
      if (goes_on && can_pay && !told_.contains(*at)) goes_on = read(*watched);
      at = goes_on ? std::next(at) : active_.erase(at);
    }
  }

  // False once it is gone.
  bool read(Watched& watched) {
    if (!watched.events.is_open()) return false;
    const auto before = watched.last.oom_kill;
    const bool is_there = watched.read();
    if (watched.last.oom_kill > before) ++kills_;
    ++reads_;
    credit_ -= 1;
    return is_there;
  }

  // The longest time from a notification to the removal that could swallow the next one is 10 ms,
  // 12 at HZ=250; the rest is for a thread that is woken late.
  static constexpr Clock::duration length = std::chrono::milliseconds(15);
  static constexpr Clock::duration shortest_step = std::chrono::microseconds(200);
  static constexpr Clock::duration longest_step = std::chrono::milliseconds(10);

  // Page cache that fills its limit notifies for hours. So reads are paid from an account that a
  // storm may use up and that fills slowly: about 1 % of a core in the long run, at 2 us a read.
  // What is told of is read in debt, because a removal would not wait for the next step: the kernel
  // tells of a file 100 times a second at most, which is 0.02 % of a core for each cgroup at its
  // limit. That debt is bounded, so that a storm of hours does not stop the bursts for hours after.
  static constexpr double most_credit = 400'000;
  static constexpr double credit_per_second = 5'000;
  static constexpr double most_debt = credit_per_second;

  std::unordered_set<std::uint64_t> active_;  // ids
  std::unordered_set<std::uint64_t> told_;    // those that read() must not leave out
  Clock::time_point next_{};                  // when all are read
  double credit_ = most_credit;
  Clock::time_point refilled_;
  std::uint64_t reads_ = 0;
  std::uint64_t kills_ = 0;  // reads that found some
};

}  // namespace cgroup2::oom
