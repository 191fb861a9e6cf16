// SPDX-License-Identifier: Apache-2.0
#include "machine/filesystem_thread.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace cgroup2::machine {

struct FilesystemThread::State {
  std::mutex mutex;  // guards the following
  std::condition_variable changed;
  std::optional<std::vector<HostMount>> question;  // until it is answered
  std::optional<std::vector<Filesystem>> answer;
  bool is_ending = false;
};

FilesystemThread::FilesystemThread(std::function<void()> begin, Ask ask)
    : state_(std::make_shared<State>()),
      thread_([state = state_, begin = std::move(begin), ask = std::move(ask)] {
        begin();
        serve(*state, ask);
      }) {}

FilesystemThread::~FilesystemThread() {
  bool is_busy = false;
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_ending = true;
    is_busy = state_->question.has_value();
  }
  state_->changed.notify_all();
  if (is_busy) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

std::optional<std::vector<Filesystem>> FilesystemThread::ask(std::vector<HostMount> mounts,
                                                             std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  if (state_->question) return std::nullopt;
  state_->answer.reset();
  state_->question = std::move(mounts);
  state_->changed.notify_all();
  state_->changed.wait_for(lock, patience, [this] { return state_->answer.has_value(); });
  return std::exchange(state_->answer, std::nullopt);
}

void FilesystemThread::serve(State& state, const Ask& ask) {
  std::unique_lock lock(state.mutex);
  while (true) {
    state.changed.wait(lock, [&] { return state.is_ending || state.question; });
    if (state.is_ending) return;
    const auto mounts = *state.question;
    lock.unlock();
    auto answer = ask(mounts);
    lock.lock();
    state.question.reset();
    state.answer = std::move(answer);
    state.changed.notify_all();
  }
}

}  // namespace cgroup2::machine
