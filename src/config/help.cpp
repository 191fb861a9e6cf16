// SPDX-License-Identifier: Apache-2.0
#include "config/help.h"

#include <string_view>

namespace cgroup2::config {
namespace {

constexpr std::string_view head =
    R"(Usage: cgroup2_exporter [FLAG...]

Reads every cgroup v2 of this host and serves it to Prometheus. A flag wins over the file, the
file over the default. In the file --poll.min-interval=1s is min_interval: 1s below poll, and
--no-collector.io is io: false below collectors.

general
  --config.file=FILE
      YAML file with settings.
  --config.check
      Check the flags and the file, print every problem and exit with 0 or 1.
  --once
      Poll once, print the metrics and exit.
  --version
      Print the version and exit.
  -h, --help
      Print this text and exit.
)";

std::string flag(const Option& option) {
  if (option.is_switch()) return "--[no-]" + option.name;
  return "--" + option.name + '=' + option.placeholder;
}

}  // namespace

std::string help_text(const std::vector<Option>& table) {
  const Config defaults;
  std::string text(head);
  std::string_view group;
  for (const auto& option : table) {
    const auto word = std::string_view(option.name).substr(0, option.name.find('.'));
    if (word != group) text += '\n' + std::string(word) + '\n';
    group = word;
    const auto value = option.access.show(defaults);
    text += "  " + flag(option) + "  (default: " + (value.empty() ? "none" : value);
    text += option.is_list() ? "; may be repeated)\n" : ")\n";
    text += "      " + option.help + '\n';
    if (!option.cost.empty()) text += "      " + option.cost + " at most.\n";
  }
  return text;
}

}  // namespace cgroup2::config
