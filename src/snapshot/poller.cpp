// SPDX-License-Identifier: Apache-2.0
#include "snapshot/poller.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace cgroup2::snapshot {

Poller::Poller(Build build, Apply apply, std::function<void(const Snapshot&)> on_snapshot,
               Timing timing, base::Log& log)
    : build_(std::move(build)),
      apply_(std::move(apply)),
      on_snapshot_(std::move(on_snapshot)),
      log_(log),
      timing_(timing),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Poller::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    poll_once();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, timing_.interval, [this] { return wanted_.has_value(); });
  }
}

void Poller::poll_once() noexcept {
  // Of a poll that fails its start counts: for those who asked before, it is not tried again.
  auto begun = Clock::now();
  try {
    begun = poll();
  } catch (const std::exception& error) {
    log_.error("a poll failed", {{"error", error.what()}});
  } catch (...) {
    log_.error("a poll failed");
  }
  const std::lock_guard lock(mutex_);
  if (wanted_ && *wanted_ <= begun) wanted_.reset();
}

Poller::Clock::time_point Poller::poll() {
  std::optional<Settings> settings;
  {
    const std::lock_guard lock(mutex_);
    settings = std::exchange(new_settings_, std::nullopt);
  }
  if (settings) apply_(std::move(*settings));
  auto snapshot = build_();
  const auto begun = snapshot->begun;
  on_snapshot_(*snapshot);
  store_.publish(std::move(snapshot));
  return begun;
}

std::shared_ptr<const Snapshot> Poller::fresh() {
  const auto now = Clock::now();
  Timing timing{};
  {
    const std::lock_guard lock(mutex_);
    timing = timing_;
  }
  auto snapshot = store_.latest();
  const auto oldest = now - timing.min_interval;
  if (!snapshot || snapshot->begun < oldest) {
    {
      const std::lock_guard lock(mutex_);
      wanted_ = std::max(wanted_.value_or(oldest), oldest);
    }
    wake_.notify_one();
    snapshot = store_.wait_for(oldest, now + timing.max_wait);
  }
  return is_usable(snapshot, timing.timeout) ? snapshot : nullptr;
}

bool Poller::has_usable_snapshot() const {
  const std::lock_guard lock(mutex_);
  // Nobody may have scraped since the last tick, so an age of one interval is no sign of trouble.
  return is_usable(store_.latest(), timing_.interval + timing_.timeout);
}

void Poller::apply(Settings settings, Timing timing) {
  {
    const std::lock_guard lock(mutex_);
    timing_ = timing;
    new_settings_ = std::move(settings);
    wanted_ = Clock::now();
  }
  wake_.notify_one();
}

bool Poller::is_usable(const std::shared_ptr<const Snapshot>& snapshot,
                       std::chrono::milliseconds timeout) const {
  return snapshot && Clock::now() - snapshot->begun <= timeout;
}

}  // namespace cgroup2::snapshot
