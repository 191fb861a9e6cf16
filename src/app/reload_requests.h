// SPDX-License-Identifier: Apache-2.0
// ReloadRequests: has the main thread reload the configuration, which HTTP threads may not read.
#pragma once

#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace cgroup2::app {

class ReloadRequests {
 public:
  /// What was wrong, one line each; empty if the configuration was reloaded.
  using Problems = std::vector<std::string>;

  /// `wake` has the main thread call answer() soon. Any thread.
  explicit ReloadRequests(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Asks for a reload and waits for its outcome. Any thread but the main one.
  [[nodiscard]] Problems ask();

  /// Reloads once and tells all that asked before. Of the main thread.
  void answer(const std::function<Problems()>& reload);

  /// Refuses those that wait and those that come: the exporter stops.
  void close();

 private:
  [[nodiscard]] std::vector<std::promise<Problems>> take();

  const std::function<void()> wake_;
  std::mutex mutex_;  // guards the following
  std::vector<std::promise<Problems>> waiting_;
  bool is_closed_ = false;
};

}  // namespace cgroup2::app
