// SPDX-License-Identifier: Apache-2.0
#include "snapshot/poller.h"

#include <exception>
#include <utility>

namespace cgroup2::snapshot {

Poller::Poller(std::unique_ptr<PollSource> source, Timing timing, base::Log& log)
    : log_(log), schedule_(timing), source_(std::move(source)) {}

void Poller::start() {
  source_->start([this] { wake(); });
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Poller::run(const std::stop_token& stop) {
  source_->begin_thread();
  while (true) {
    switch (wait_for_step(stop)) {
      case PollSchedule::Step::poll:
        poll_once();
        break;
      case PollSchedule::Step::scan:
        scan_once();
        break;
      case PollSchedule::Step::wait:
        source_.reset();  // here, because it saves its state, for which other threads have no right
        return;
    }
  }
}

// Waits until there is something to do. Returns PollSchedule::Step::wait when the thread is to end.
PollSchedule::Step Poller::wait_for_step(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto now = base::Clock::now();
    const auto next = schedule_.next(now);
    if (next.step != PollSchedule::Step::wait) return next.step;
    // Until then, or until a wish or a wake changes what is next.
    wake_.wait_until(lock, stop, next.until, [&] { return schedule_.next(now) != next; });
  }
  return PollSchedule::Step::wait;
}

void Poller::wake() {
  {
    const std::lock_guard lock(mutex_);
    schedule_.wake();
  }
  wake_.notify_one();
}

void Poller::scan_once() noexcept {
  {
    const std::lock_guard lock(mutex_);
    schedule_.begin_scan();
  }
  const auto begun = base::Clock::now();
  bool is_done = false;
  try {
    source_->scan();
    is_done = true;
  } catch (const std::exception& error) {
    log_.error("a scan for new cgroups failed", {{"error", error.what()}});
  } catch (...) {
    log_.error("a scan for new cgroups failed");
  }
  const std::lock_guard lock(mutex_);
  if (is_done) schedule_.note_answer(begun);
  schedule_.end_scan(begun, base::Clock::now());
}

void Poller::poll_once() noexcept {
  auto begun = base::Clock::now();  // of a poll that fails
  bool has_failed = true;
  try {
    begun = poll();
    has_failed = false;
  } catch (const std::exception& error) {
    log_.error("a poll failed", {{"error", error.what()}});
  } catch (...) {
    log_.error("a poll failed");
  }
  const std::lock_guard lock(mutex_);
  schedule_.end_poll(begun, base::Clock::now(), has_failed);
}

base::TimePoint Poller::poll() {
  std::optional<Settings> settings;
  {
    const std::lock_guard lock(mutex_);
    settings = std::exchange(new_settings_, std::nullopt);
  }
  if (settings) source_->apply(std::move(*settings));
  auto snapshot = source_->build();
  const auto begun = snapshot->begun;
  {
    // Before anybody can see it: who has a snapshot finds the poller ready.
    const std::lock_guard lock(mutex_);
    schedule_.note_answer(begun);
  }
  store_.publish(std::move(snapshot));
  return begun;
}

PollSchedule Poller::schedule() const {
  const std::lock_guard lock(mutex_);
  return schedule_;
}

std::shared_ptr<const Snapshot> Poller::fresh(std::optional<std::chrono::milliseconds> patience) {
  const auto schedule = this->schedule();
  const auto now = base::Clock::now();
  const auto oldest = schedule.oldest_fresh(now);
  auto snapshot = store_.latest();
  if (!snapshot || snapshot->begun < oldest) {
    {
      const std::lock_guard lock(mutex_);
      schedule_.want(oldest);
    }
    wake_.notify_one();
    snapshot = store_.wait_for(oldest, schedule.end_of_wait(now, patience));
  }
  return snapshot && schedule.may_be_given(snapshot->begun, base::Clock::now()) ? snapshot
                                                                                : nullptr;
}

bool Poller::is_ready() const {
  return store_.latest() && schedule().is_answered(base::Clock::now());
}

void Poller::apply(Settings settings, Timing timing) {
  {
    const std::lock_guard lock(mutex_);
    schedule_.set_timing(timing);
    schedule_.want(base::Clock::now());
    new_settings_ = std::move(settings);
  }
  wake_.notify_one();
}

}  // namespace cgroup2::snapshot
