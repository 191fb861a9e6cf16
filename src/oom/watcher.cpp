// SPDX-License-Identifier: Apache-2.0
#include "oom/watcher.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

namespace cgroup2::oom {
namespace {

base::TimePoint now() { return base::Clock::now(); }

}  // namespace

Watcher::Watcher(base::Dir root, std::size_t max_count, SubtreeOf subtree_of, base::Log& log)
    : max_count_(max_count),
      log_(log),
      opener_(std::move(root), inotify_, log),
      state_({max_count, std::move(subtree_of)}, read_events, now()) {}

Watcher::~Watcher() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  opener_.notify();
  thread_.join();
}

void Watcher::start(std::function<void()> wake, std::function<void()> begin) {
  if (inotify_.error() != 0) return log_failure({inotify_.error(), "inotify_init"});
  if (opener_.error() != 0) return log_failure({opener_.error(), "eventfd"});
  wake_ = std::move(wake);
  is_running_ = true;
  thread_ = std::thread([this, begin = std::move(begin)] { run(begin); });
}

WatchReport Watcher::exchange(std::span<const Observation> observations, base::TimePoint begun) {
  Exchange exchange{observations, begun, max_count_};
  std::unique_lock lock(mutex_);
  if (is_running_) {
    exchange_ = &exchange;
    opener_.notify();
    answered_.wait(lock, [&] { return exchange_ == nullptr; });
  }
  if (!is_running_) exchange.report.figures = {.unwatched = observations.size()};
  return std::move(exchange.report);
}

void Watcher::run(const std::function<void()>& begin) noexcept {
  ::pthread_setname_np(::pthread_self(), "oom_watcher");
  const auto log_exception = [this](const char* problem) {
    log_.error(
        "the OOM watcher stopped: until a restart, kills in cgroups that exist only between two "
        "polls are counted without an owner",
        {{"error", problem}});
  };
  try {
    begin();
    watch();
  } catch (const std::exception& error) {
    log_exception(error.what());
  } catch (...) {
    log_exception("unknown exception");
  }
  is_quiet_ = false;
  const std::lock_guard lock(mutex_);
  is_running_ = false;
  exchange_ = nullptr;
  answered_.notify_one();
}

void Watcher::watch() {
  while (wait()) {
    serve();
    Exchange* exchange = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) return;
      exchange = exchange_;
    }
    if (exchange != nullptr) answer(*exchange);
    is_quiet_ = state_.is_quiet();
    if (exchange != nullptr) {
      const std::lock_guard lock(mutex_);
      exchange_ = nullptr;
      answered_.notify_one();
    }
    if (state_.take_has_news()) wake_();
  }
}

// Until there is something to do. False if that can never be.
bool Watcher::wait() const {
  pollfd fds[2] = {{inotify_.number(), POLLIN, 0}, {opener_.notification(), POLLIN, 0}};
  const timespec step{0, state_.until_reread(now()).count()};
  const int ready = ::ppoll(fds, 2, state_.has_rereads() ? &step : nullptr, nullptr);
  std::uint64_t count = 0;
  (void)!::read(opener_.notification(), &count, sizeof count);
  return ready >= 0 || errno == EINTR;
}

// Takes what came, reads what is to be read again, and hands out what is to be opened.
void Watcher::serve() {
  for (OpenResult& result : opener_.take_results()) state_.on_opened(std::move(result), now());
  const auto at = now();
  const bool is_all =
      inotify_.read([&](const base::InotifyEvent& event) { state_.on_event(event, at); });
  if (!is_all) state_.on_gap();
  state_.reread(now());
  // Before a worker can get the same number for a cgroup that is opened again.
  for (const int watch : state_.take_ended_watches()) inotify_.remove(watch);
  for (OpenRequest& request : state_.take_requests()) opener_.post(std::move(request));
  if (const auto failure = state_.take_failure(); failure.code != 0) log_failure(failure);
}

void Watcher::answer(Exchange& exchange) {
  state_.set_max_count(exchange.max_count);
  serve();  // so that all that was made until now is known
  opener_.retry();
  exchange.report =
      state_.report(exchange.observations, exchange.begun, now(), [this] { serve(); });
  serve();
}

void Watcher::log_failure(const base::Error& error) {
  if (std::exchange(has_logged_failure_, true)) return;
  log_.warn(
      "cannot watch all cgroups for OOM kills: kills in cgroups that exist only between two polls "
      "are counted without an owner",
      {{"failed", error.doing},
       {"error", std::strerror(error.code)},
       {"hint",
        "raise fs.inotify.max_user_watches, fs.inotify.max_user_instances or the limit on open "
        "files"}});
}

}  // namespace cgroup2::oom
