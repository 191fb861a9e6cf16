// SPDX-License-Identifier: Apache-2.0
#include "app/reload_requests.h"

namespace cgroup2::app {
namespace {

const ReloadRequests::Problems stopping{"the exporter is stopping"};

}  // namespace

ReloadRequests::Problems ReloadRequests::ask() {
  std::future<Problems> outcome;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return stopping;
    outcome = waiting_.emplace_back().get_future();
  }
  wake_();
  return outcome.get();
}

void ReloadRequests::answer(const std::function<Problems()>& reload) {
  auto waiting = take();
  const auto problems = reload();
  for (auto& each : waiting) each.set_value(problems);
}

void ReloadRequests::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  for (auto& each : take()) each.set_value(stopping);
}

std::vector<std::promise<ReloadRequests::Problems>> ReloadRequests::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace cgroup2::app
