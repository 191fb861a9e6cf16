// SPDX-License-Identifier: Apache-2.0
// Poller: the thread that polls. It builds a snapshot when a scrape wants a newer one, and in
// between scans for new cgroups and OOM kills at every tick, which costs a fraction of a poll.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.h"
#include "base/time.h"
#include "snapshot/poll_schedule.h"
#include "snapshot/poll_source.h"
#include "snapshot/settings.h"
#include "snapshot/snapshot.h"
#include "snapshot/store.h"

namespace cgroup2::snapshot {

/// Scans and polls from start() to destruction. The destructor waits for a poll that is running.
class Poller {
 public:
  Poller(std::unique_ptr<PollSource> source, Timing timing, base::Log& log);
  ~Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Starts the source and the thread that polls; the first poll comes at once. Called once. Throws
  /// std::system_error if there can be no thread.
  void start();

  /// A snapshot no older than min_interval, for which one poll serves all callers. If the poll
  /// takes longer than max_wait, or than `patience` if that is shorter, the last snapshot as it is;
  /// nothing if that is older than timeout or there is none. Any thread.
  [[nodiscard]] std::shared_ptr<const Snapshot> fresh(
      std::optional<std::chrono::milliseconds> patience = std::nullopt);

  /// Whether there is a snapshot and the kernel answers; see PollSchedule::is_answered(). Any
  /// thread.
  [[nodiscard]] bool is_ready() const;

  /// The newest snapshot whatever its age, without waiting; nothing before the first. Any thread.
  [[nodiscard]] std::shared_ptr<const Snapshot> latest() const { return store_.latest(); }

  /// Takes other settings from the next poll on, which comes at once. Any thread.
  void apply(Settings settings, Timing timing);

 private:
  void wake();
  void run(const std::stop_token& stop);
  [[nodiscard]] PollSchedule::Step wait_for_step(const std::stop_token& stop);
  void scan_once() noexcept;
  void poll_once() noexcept;
  [[nodiscard]] base::TimePoint poll();
  [[nodiscard]] PollSchedule schedule() const;

  base::Log& log_;
  Store store_;

  mutable std::mutex mutex_;  // guards the following
  std::condition_variable_any wake_;
  PollSchedule schedule_;
  std::optional<Settings> new_settings_;

  std::unique_ptr<PollSource> source_;  // its threads use all of the above
  std::jthread thread_;                 // last: it uses the source
};

}  // namespace cgroup2::snapshot
