// SPDX-License-Identifier: Apache-2.0
#include "snapshot/poller.h"

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
    wake_.wait_for(lock, stop, timing_.interval, [this] { return is_wanted_; });
  }
}

void Poller::poll_once() noexcept {
  std::optional<Settings> settings;
  {
    const std::lock_guard lock(mutex_);
    is_wanted_ = false;
    settings = std::exchange(new_settings_, std::nullopt);
  }
  try {
    if (settings) apply_(std::move(*settings));
    auto snapshot = build_();
    on_snapshot_(*snapshot);
    store_.publish(std::move(snapshot));
  } catch (const std::exception& error) {
    log_.error("a poll failed", {{"error", error.what()}});
  }
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
      is_wanted_ = true;
    }
    wake_.notify_one();
    snapshot = store_.wait_for(oldest, now + timing.max_wait);
  }
  return is_usable(snapshot, timing.timeout) ? snapshot : nullptr;
}

bool Poller::has_usable_snapshot() const {
  const std::lock_guard lock(mutex_);
  return is_usable(store_.latest(), timing_.timeout);
}

void Poller::apply(Settings settings, Timing timing) {
  {
    const std::lock_guard lock(mutex_);
    timing_ = timing;
    new_settings_ = std::move(settings);
    is_wanted_ = true;
  }
  wake_.notify_one();
}

bool Poller::is_usable(const std::shared_ptr<const Snapshot>& snapshot,
                       std::chrono::milliseconds timeout) const {
  return snapshot && Clock::now() - snapshot->begun <= timeout;
}

}  // namespace cgroup2::snapshot
