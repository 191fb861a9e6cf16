// SPDX-License-Identifier: Apache-2.0
// FilesystemThread: asks file systems while another thread waits for a while at most: a disk that
// does not answer may hold up the thread that asks it for ever.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "machine/statfs.h"

namespace cgroup2::machine {

class FilesystemThread {
 public:
  using Ask = std::function<std::vector<Filesystem>(const std::vector<HostMount>&)>;

  /// Starts the thread, which calls `begin` first. Throws std::system_error if there can be none.
  explicit FilesystemThread(std::function<void()> begin, Ask ask = ask_filesystems);
  /// Does not wait for a question that is not answered yet.
  ~FilesystemThread();
  FilesystemThread(const FilesystemThread&) = delete;
  FilesystemThread& operator=(const FilesystemThread&) = delete;

  /// Has the thread ask, and waits for the answer. Nothing if there is none in time, or if an
  /// earlier question is not answered yet: then it does not wait. For one caller at a time.
  [[nodiscard]] std::optional<std::vector<Filesystem>> ask(std::vector<HostMount> mounts,
                                                           std::chrono::milliseconds patience);

 private:
  struct State;
  static void serve(State& state, const Ask& ask);

  std::shared_ptr<State> state_;  // outlives this where the thread does
  std::thread thread_;
};

}  // namespace cgroup2::machine
