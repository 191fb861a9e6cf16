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

  void begin(Watched& watched, Clock::time_point now) {
    watched.burst_until = now + length;
    if (watched.events.is_open()) active_.insert(watched.id);
  }

  [[nodiscard]] bool is_idle() const { return active_.empty(); }

  /// Until the next read().
  [[nodiscard]] Clock::duration step() const { return credit_ > 0 ? shortest_step : longest_step; }

  /// Reads all once. Returns whether one of them has new kills.
  bool read(const WatchList& list, Clock::time_point now) {
    const std::chrono::duration<double> since = now - refilled_;
    refilled_ = now;
    credit_ = std::min(most_credit, credit_ + credit_per_second * since.count());
    bool has_news = false;
    for (auto at = active_.begin(); at != active_.end();) {
      Watched* const watched = list.find(*at);
      bool goes_on = watched != nullptr && watched->burst_until >= now && watched->events.is_open();
      if (goes_on) {
        const auto before = watched->last.oom_kill;
        goes_on = watched->read();
        has_news = has_news || watched->last.oom_kill > before;
        ++reads_;
        credit_ -= 1;
      }
      at = goes_on ? std::next(at) : active_.erase(at);
    }
    return has_news;
  }

  /// Of all files, since the start.
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

 private:
  // The longest time from a notification to the removal that could swallow the next one is 10 ms,
  // 12 at HZ=250; the rest is for a thread that is woken late.
  static constexpr Clock::duration length = std::chrono::milliseconds(15);
  static constexpr Clock::duration shortest_step = std::chrono::microseconds(200);
  static constexpr Clock::duration longest_step = std::chrono::milliseconds(20);

  // Page cache that fills its limit notifies for hours. So reads are paid from an account that a
  // storm may use up and that fills slowly: about 1 % of a core in the long run, at 2 us a read.
  static constexpr double most_credit = 400'000;
  static constexpr double credit_per_second = 5'000;

  std::unordered_set<std::uint64_t> active_;  // ids
  double credit_ = most_credit;
  Clock::time_point refilled_;
  std::uint64_t reads_ = 0;
};

}  // namespace cgroup2::oom
