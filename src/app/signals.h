// SPDX-License-Identifier: Apache-2.0
// Signals: the three signals that the daemon acts on, waited for by one thread.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>

namespace cgroup2::app {

/// Blocks SIGHUP, SIGINT and SIGTERM in the constructing thread and in all threads it starts later,
/// and ignores SIGPIPE (a client that hangs up is seen as EPIPE). Made before the first thread.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
  }

  /// Waits for the next of the three, for so long at most if a time is given. Nothing if there was
  /// none.
  [[nodiscard]] std::optional<int> wait(
      std::optional<std::chrono::seconds> timeout = std::nullopt) const {
    const timespec time{.tv_sec = timeout.value_or(std::chrono::seconds(0)).count(), .tv_nsec = 0};
    while (true) {
      const int signal = sigtimedwait(&set_, nullptr, timeout ? &time : nullptr);
      if (signal > 0) return signal;
      if (errno == EAGAIN) return std::nullopt;
    }
  }

  /// Sends SIGHUP to the process, and so to the thread that waits. Any thread.
  static void send_hangup() { ::kill(::getpid(), SIGHUP); }

 private:
  sigset_t set_;
};

}  // namespace cgroup2::app
