// SPDX-License-Identifier: Apache-2.0
#include "config/load.h"

#include "config/draft.h"
#include "config/file.h"
#include "config/options.h"

namespace cgroup2::config {

Loaded load(const CommandLine& command_line) {
  const auto table = options();
  Draft draft;
  if (!command_line.config_file.empty()) apply_file(command_line.config_file, table, draft);
  for (const auto& option : table) {
    bool is_first = true;
    for (const auto& [name, value] : command_line.values) {
      if (name != option.name) continue;
      if (is_first && option.is_list()) draft.clear(option);
      is_first = false;
      draft.assign(option, value, "--" + name);
    }
  }
  return draft.finish();
}

}  // namespace cgroup2::config
