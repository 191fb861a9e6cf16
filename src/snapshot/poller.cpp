// SPDX-License-Identifier: Apache-2.0
#include "snapshot/poller.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace cgroup2::snapshot {
namespace {

constexpr std::chrono::milliseconds shortest_between_looks{200};

}  // namespace

Poller::Poller(Build build, std::function<void()> look, Apply apply,
               std::function<void(const Snapshot&)> on_snapshot, Timing timing, base::Log& log)
    : build_(std::move(build)),
      look_(std::move(look)),
      apply_(std::move(apply)),
      on_snapshot_(std::move(on_snapshot)),
      log_(log),
      timing_(timing),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Poller::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    poll_once();
    while (!wait_for_poll(stop)) look_once();
  }
}

// True for a poll, or the end; false for a look.
bool Poller::wait_for_poll(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto tick = Clock::now() + timing_.interval;
  while (true) {
    const auto now = Clock::now();
    if (wanted_ || stop.stop_requested()) return true;
    if (now >= tick || (is_woken_ && now >= next_look_)) {
      is_woken_ = false;
      return false;
    }
    const bool was_woken = is_woken_;
    const auto until = was_woken ? std::min(tick, next_look_) : tick;
    wake_.wait_until(lock, stop, until,
                     [&] { return wanted_.has_value() || is_woken_ != was_woken; });
  }
}

void Poller::look_once() noexcept {
  const auto begin = Clock::now();
  try {
    look_();
    const std::lock_guard lock(mutex_);
    last_answer_ = begin;
  } catch (const std::exception& error) {
    log_.error("a look for new cgroups failed", {{"error", error.what()}});
  } catch (...) {
    log_.error("a look for new cgroups failed");
  }
  const auto end = Clock::now();
  next_look_ = end + std::max<Clock::duration>(shortest_between_looks, (end - begin) * 20);
}

void Poller::wake() {
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  wake_.notify_one();
}

void Poller::poll_once() noexcept {
  bool was_wanted = false;
  {
    const std::lock_guard lock(mutex_);
    was_wanted = wanted_.has_value();
  }
  // Of a poll that fails its start counts: for those who asked before, it is not tried again.
  auto begun = Clock::now();
  bool is_done = false;
  try {
    begun = poll();
    is_done = true;
  } catch (const std::exception& error) {
    log_.error("a poll failed", {{"error", error.what()}});
  } catch (...) {
    log_.error("a poll failed");
  }
  const std::lock_guard lock(mutex_);
  if (wanted_ && *wanted_ <= begun && (is_done || was_wanted)) wanted_.reset();
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
  {
    // Before anybody can see it: who has a snapshot finds the poller ready.
    const std::lock_guard lock(mutex_);
    last_answer_ = begun;
  }
  store_.publish(std::move(snapshot));
  return begun;
}

std::shared_ptr<const Snapshot> Poller::fresh(std::optional<std::chrono::milliseconds> patience) {
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
    const auto longest = std::min(timing.max_wait, patience.value_or(timing.max_wait));
    snapshot = store_.wait_for(oldest, now + longest);
  }
  return snapshot && Clock::now() - snapshot->begun <= timing.timeout ? snapshot : nullptr;
}

bool Poller::is_ready() const {
  const std::lock_guard lock(mutex_);
  // Nobody may have scraped since the last tick, so an age of one interval is no sign of trouble.
  return store_.latest() && Clock::now() - last_answer_ <= timing_.interval + timing_.timeout;
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

}  // namespace cgroup2::snapshot
