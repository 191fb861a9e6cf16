// SPDX-License-Identifier: Apache-2.0
// From argv and the YAML file to a Config, with every problem reported at its place.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.h"

namespace cgroup2::config {

/// What the command line asks for beside the values of Config.
struct CommandLine {
  enum class Action { run, once, check, healthcheck, help, version };

  Action action = Action::run;
  std::string config_file;  ///< --config.file; empty if there is none
  /// Option name and value; those of one option in the order given. They win over the file.
  std::vector<std::pair<std::string, std::string>> values;
  std::vector<std::string> problems;  ///< one line each; empty if the command line is right
  std::string help;                   ///< the text for --help
};

/// Parses argv (without its first word). Does not print and does not exit. Values are checked by
/// load(), not here. --help and --version are answered whatever else is there: they leave no
/// problems.
[[nodiscard]] CommandLine parse_command_line(int argc, const char* const* argv);

/// Either a Config or all problems at once.
struct Loaded {
  Config config;  ///< to be used only if there are no problems
  /// "file.yaml:3:7: unknown key \"polls\"", "--log.level: …"; empty if the config is right.
  std::vector<std::string> problems;
};

/// Reads the file (if the command line names one) and lays the flags over it. Can be called again
/// for a reload: a wrong file gives problems and leaves the caller's Config alone. Any thread.
[[nodiscard]] Loaded load(const CommandLine& command_line);

}  // namespace cgroup2::config
