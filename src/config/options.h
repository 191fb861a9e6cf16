// SPDX-License-Identifier: Apache-2.0
// Options: the one table of what can be set. The command line, the file, --help and the reload all
// derive from it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/values.h"

namespace cgroup2::config {

/// How an option reaches its member of Config.
struct Access {
  /// Sets the member from text; a list grows by one.
  std::function<Problem(Config&, std::string_view)> set;
  /// The member as text, the way `set` takes it.
  std::function<std::string(const Config&)> show;
  /// Empties the list before the file or the command line replaces it. No function for a single
  /// value.
  std::function<void(Config&)> clear;
};

/// One row: `--NAME=PLACEHOLDER` on the command line, file_key() in the file.
struct Option {
  std::string name;         ///< "web.listen-address": a group, a dot, words
  std::string placeholder;  ///< "ADDRESS"; empty for a switch, which is --NAME and --no-NAME
  std::string help;         ///< a sentence
  bool needs_restart;       ///< a reload cannot change it
  Access access;
  std::string cost = {};      ///< what switching it on costs, as part of a sentence; may be empty
  bool may_be_empty = false;  ///< of a list

  [[nodiscard]] bool is_switch() const { return placeholder.empty(); }
  [[nodiscard]] bool is_list() const { return access.clear != nullptr; }
};

/// Returns all rows, in the order of --help. Those of a group stand together.
[[nodiscard]] std::vector<Option> options();

/// Returns the option's place in the file as a dotted path: "web.listen_address",
/// "web.config_file", "collectors.memory".
[[nodiscard]] std::string file_key(const Option& option);

/// Names of the options that differ and need a restart.
[[nodiscard]] std::vector<std::string> restart_only_changes(const Config& running,
                                                            const Config& wanted);

}  // namespace cgroup2::config
