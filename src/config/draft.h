// SPDX-License-Identifier: Apache-2.0
// Draft: a Config while it is put together, with all that is wrong so far and the place each
// setting came from.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/load.h"
#include "config/options.h"
#include "config/problem_list.h"

namespace cgroup2::config {

/// Starts from the defaults. Later assignments win.
class Draft {
 public:
  /// What is wrong so far.
  [[nodiscard]] ProblemList& problems() { return problems_; }

  /// Sets the option, or notes why not. `place` is what the user looks for: "FILE:3:7:
  /// poll.interval", "--poll.interval".
  void assign(const Option& option, std::string_view text, const std::string& place);

  /// Empties a list, so that the next assignments replace it.
  void clear(const Option& option) { option.access.clear(config_); }

  /// Checks the settings against each other and hands all over.
  [[nodiscard]] Loaded finish();

 private:
  struct SettingOrigin {
    std::string place;
    bool is_valid;
  };

  Config config_;
  ProblemList problems_;
  std::map<std::string, SettingOrigin, std::less<>> origins_;  // by the option's file key
};

}  // namespace cgroup2::config
