// SPDX-License-Identifier: Apache-2.0
#include "snapshot/poll_schedule.h"

#include <algorithm>

namespace cgroup2::snapshot {
namespace {

constexpr std::chrono::milliseconds min_between_scans{200};

// A scan of 10 ms is followed by a rest of 200 ms: 5 % of a core.
constexpr int rest_per_scan = 20;

}  // namespace

void PollSchedule::want(base::TimePoint oldest) {
  wanted_ = std::max(wanted_.value_or(oldest), oldest);
}

PollSchedule::Next PollSchedule::next(base::TimePoint now) const {
  if (!ended_ || wanted_) return {Step::poll};
  const base::TimePoint tick = *ended_ + timing_.interval;
  const base::TimePoint scan = is_woken_ ? std::min(tick, next_scan_) : tick;
  return now >= scan ? Next{Step::scan} : Next{Step::wait, scan};
}

void PollSchedule::end_scan(base::TimePoint begun, base::TimePoint now) {
  ended_ = now;
  next_scan_ =
      now + std::max<base::Clock::duration>(min_between_scans, (now - begun) * rest_per_scan);
}

void PollSchedule::end_poll(base::TimePoint begun, base::TimePoint now, bool has_failed) {
  const bool was_first = !ended_;
  ended_ = now;
  if (wanted_ && *wanted_ <= begun && !(has_failed && was_first)) wanted_.reset();
}

base::TimePoint PollSchedule::end_of_wait(base::TimePoint now,
                                          std::optional<std::chrono::milliseconds> patience) const {
  return now + std::min(timing_.max_wait, patience.value_or(timing_.max_wait));
}

bool PollSchedule::is_answered(base::TimePoint now) const {
  // Nobody may have scraped since the last tick, so an age of one interval is no sign of trouble.
  return answered_ && now - *answered_ <= timing_.interval + timing_.timeout;
}

}  // namespace cgroup2::snapshot
