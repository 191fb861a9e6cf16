// SPDX-License-Identifier: Apache-2.0
#include "pressure/burst_counter.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace cgroup2::pressure {

void BurstCounter::start(std::function<void()> begin) {
  thread_ = std::jthread([this, begin = std::move(begin)](const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "burst_counter");
    try {
      begin();
      run(stop);
    } catch (const std::exception& error) {
      has_failed_ = true;
      log_.error("bursts of pressure are not counted until a restart", {{"error", error.what()}});
    }
  });
}

// By the clock and not from one end of a window to the next: what reading takes adds up to nothing.
void BurstCounter::run(const std::stop_token& stop) {
  auto next = base::Clock::now();
  while (!stop.stop_requested()) {
    std::unique_lock lock(mutex_);
    next = std::max(next + settings_.window, base::Clock::now());
    stopped_.wait_until(lock, stop, next, [] { return false; });
    lock.unlock();
    end_window(base::Clock::now());
  }
}

void BurstCounter::set(const BurstSettings& settings) {
  const std::lock_guard lock(mutex_);
  if (settings == std::exchange(settings_, settings)) return;
  watched_.clear();
}

void BurstCounter::clear() {
  const std::lock_guard lock(mutex_);
  watched_.clear();
}

void BurstCounter::read(std::span<const CgroupWithPressure> cgroups, base::TimePoint now,
                        std::vector<BurstCounts>& counts) {
  counts.assign(cgroups.size(), {});
  if (has_failed_) return;
  const std::lock_guard lock(mutex_);
  ++reads_;
  for (std::size_t i = 0; i < cgroups.size(); ++i) {
    watch(cgroups[i], now);
    const WatchedPressure& watched = watched_[cgroups[i].id];
    for (std::size_t resource = 0; resource < resources.size(); ++resource) {
      const PressureState& state = watched.states.at(resource);
      for (std::size_t stall = 0; state.file.is_open() && stall < stalls.size(); ++stall) {
        if (state.totals.at(stall)) counts[i].at(resource).at(stall) = state.counts.at(stall);
      }
    }
  }
  if (watched_.size() > cgroups.size())
    std::erase_if(watched_, [&](const auto& entry) { return entry.second.read_in != reads_; });
}

void BurstCounter::watch(const CgroupWithPressure& cgroup, base::TimePoint now) {
  WatchedPressure& watched = watched_[cgroup.id];
  watched.read_in = reads_;
  for (std::size_t resource = 0; resource < resources.size(); ++resource) {
    PressureState& state = watched.states.at(resource);
    if (!cgroup.has.at(resource)) {
      state = {};
      continue;
    }
    if (state.file.is_open()) continue;
    auto file = open_pressure(*cgroup.dir, resource);
    const auto totals = file ? read_totals(*file) : base::Result<Totals>(file.error());
    if (totals) {
      state = {std::move(*file), *totals, now, {}};
    } else if (!base::is_absence(totals.error().code)) {
      errors_.add(file_names.at(resource), base::errno_name(totals.error().code), cgroup.path,
                  base::hint_for(totals.error().code));
    }
  }
}

void BurstCounter::end_window(base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, watched] : watched_) {
    for (PressureState& state : watched.states) {
      if (state.file.is_open()) end_window(state, now);
    }
  }
}

void BurstCounter::end_window(PressureState& state, base::TimePoint now) const {
  const auto totals = read_totals(state.file);
  if (!totals) {
    state = {};
    return;
  }
  const bool is_too_long = now - state.began > settings_.window + settings_.window / 2;
  const auto threshold = std::chrono::microseconds(settings_.threshold);
  for (std::size_t stall = 0; stall < stalls.size(); ++stall) {
    const auto before = std::exchange(state.totals.at(stall), totals->at(stall));
    const auto after = state.totals.at(stall);
    if (is_too_long || !before || !after || *after < *before) continue;
    if (*after - *before >= static_cast<std::uint64_t>(threshold.count())) ++state.counts.at(stall);
  }
  state.began = now;
}

}  // namespace cgroup2::pressure
