// SPDX-License-Identifier: Apache-2.0
// StateFile: where the state of the tracker of OOM kills is kept.
#pragma once

#include <optional>
#include <string>

#include "base/log.h"
#include "oom/state.h"

namespace cgroup2::oom {

/// One thread.
class StateFile {
 public:
  /// An empty path: nothing is kept.
  StateFile(std::string path, base::Log& log) : path_(std::move(path)), log_(log) {}

  /// Loads the state that was saved in this boot for this hierarchy. One that is not is set aside
  /// as PATH.old, with a warning, and so is one during whose load the process ended twice. Nothing
  /// without one.
  [[nodiscard]] std::optional<SavedState> load(const std::string& boot_id, std::uint64_t root);

  /// Returns whether it is saved, or nothing is kept. Warns of the first failure in a row, and once
  /// if there is not space for all of it.
  bool save(const SavedState& state);

  /// Whether the last save() failed.
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  [[nodiscard]] std::string begin_load();
  void set_aside(const std::string& name, const std::string& reason);

  const std::string path_;
  base::Log& log_;
  bool has_failed_ = false;
  bool has_logged_left_out_ = false;
};

}  // namespace cgroup2::oom
