// SPDX-License-Identifier: Apache-2.0
// Poller: when a poll happens. One thread builds a snapshot when a scrape wants a newer one, and in
// between looks at every tick for new cgroups and OOM kills, which costs a fraction of a poll.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.h"
#include "snapshot/builder.h"
#include "snapshot/snapshot.h"
#include "snapshot/store.h"

namespace cgroup2::snapshot {

struct Timing {
  std::chrono::milliseconds interval;      ///< between looks when nobody scrapes
  std::chrono::milliseconds min_interval;  ///< a scrape gets a snapshot no older than this
  std::chrono::milliseconds max_wait;      ///< a scrape waits no longer than this for a poll
  std::chrono::milliseconds timeout;       ///< a snapshot older than this is given to nobody
};

/// Looks and polls from construction to destruction; polls the first time at once. The destructor
/// waits for a poll that is running.
class Poller {
 public:
  using Clock = std::chrono::steady_clock;
  using Build = std::function<std::shared_ptr<const Snapshot>()>;
  using Apply = std::function<void(Settings)>;

  /// `build`, `look` and `apply` are called on the poller's thread only; so is `on_snapshot`, after
  /// each poll.
  Poller(Build build, std::function<void()> look, Apply apply,
         std::function<void(const Snapshot&)> on_snapshot, Timing timing, base::Log& log);
  ~Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// A snapshot no older than min_interval, for which one poll serves all callers. If the poll
  /// takes longer than max_wait, or than `patience` if that is shorter, the last snapshot as it is;
  /// nothing if that is older than timeout or there is none. Any thread.
  [[nodiscard]] std::shared_ptr<const Snapshot> fresh(
      std::optional<std::chrono::milliseconds> patience = std::nullopt);

  /// Whether there is a snapshot and the kernel answers: the last poll or look that was done began
  /// no longer ago than interval and timeout together. Any thread.
  [[nodiscard]] bool is_ready() const;

  /// The newest snapshot whatever its age, without waiting; nothing before the first. Any thread.
  [[nodiscard]] std::shared_ptr<const Snapshot> latest() const { return store_.latest(); }

  /// Has look() called soon: often enough to see what is new, seldom enough to take no more than
  /// about 5 % of a core. Any thread.
  void wake();

  /// Takes other settings from the next poll on. Any thread.
  void apply(Settings settings, Timing timing);

 private:
  void run(const std::stop_token& stop);
  [[nodiscard]] bool wait_for_poll(const std::stop_token& stop);
  void look_once() noexcept;
  void poll_once() noexcept;
  [[nodiscard]] Clock::time_point poll();
  Build build_;
  std::function<void()> look_;
  Apply apply_;
  std::function<void(const Snapshot&)> on_snapshot_;
  base::Log& log_;
  Store store_;

  mutable std::mutex mutex_;  // guards the following
  std::condition_variable_any wake_;
  Timing timing_;
  std::optional<Clock::time_point> wanted_;  // somebody waits for a snapshot begun then or later
  std::optional<Settings> new_settings_;
  bool is_woken_ = false;
  Clock::time_point last_answer_{};  // when the last poll or look began that was done

  Clock::time_point next_look_{};  // of the poller's thread

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace cgroup2::snapshot
