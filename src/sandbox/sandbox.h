// SPDX-License-Identifier: Apache-2.0
// Sandbox: takes from each thread the rights that its role does not need, in three layers:
// capabilities, Landlock and seccomp, all of which are per thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "sandbox/landlock.h"
#include "sandbox/role.h"

namespace cgroup2::sandbox {

enum class Layer { capabilities, landlock, seccomp };

/// Returns the value of the label `layer`.
[[nodiscard]] std::string_view to_string(Layer layer);

/// Whether a layer holds in all threads of a role.
struct LayerState {
  Role role;
  Layer layer;
  bool holds;
};

/// All methods may be called from every thread.
class Sandbox {
 public:
  /// Sets no_new_privs for the calling thread and those that it starts, and makes the process one
  /// whose memory nobody of the same user may read (PR_SET_DUMPABLE). `files` is what the poller,
  /// the watcher and the peak opener may open. A sandbox that is switched off does nothing, and
  /// warns of it.
  Sandbox(bool is_on, FileRules files, base::Log& log);

  /// Takes the calling thread's rights, for ever. What cannot be done is logged once a layer; the
  /// thread goes on.
  void enter(Role role);

  /// Returns what holds, for the roles that a thread has entered; for all where it is off.
  [[nodiscard]] std::vector<LayerState> states() const;

 private:
  [[nodiscard]] std::optional<FileRules> files_of(Role role) const;
  void note_off(Role role);
  void note(Role role, Layer layer, int error);

  const bool is_on_;
  const FileRules files_;
  base::Log& log_;
  mutable std::mutex mutex_;  // guards the following
  std::map<std::pair<Role, Layer>, bool> states_;
  std::map<Layer, bool> has_logged_;
};

}  // namespace cgroup2::sandbox
