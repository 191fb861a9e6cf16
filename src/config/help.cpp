// SPDX-License-Identifier: Apache-2.0
#include "config/help.h"

#include <array>

namespace cgroup2::config {
namespace {

constexpr std::string_view head =
    R"(Usage: cgroup2_exporter [FLAG...]

Exports every cgroup v2 of this host to Prometheus. A flag has precedence over the configuration
file, and the file over the default. In the file, --poll.min-interval=1s is min_interval: 1s below
poll, and --no-collector.io is io: false below collectors.

general
)";

constexpr std::array general{
    GeneralFlag{"--config.file=FILE", "Configuration file (YAML)."},
    GeneralFlag{"--config.check",
                "Check the flags and the file, print every problem and exit with 0 or 1."},
    GeneralFlag{"--once", "Poll once, print the metrics and exit."},
    GeneralFlag{"--healthcheck",
                "Check the health of the exporter that runs with these flags; exit with 0 or 1."},
    GeneralFlag{"--version", "Print the version and exit."},
    GeneralFlag{"-h, --help", "Print this text and exit."},
};

void add(std::string& text, std::string_view flag, std::string_view help) {
  ((text += "  ") += flag) += "\n      ";
  (text += help) += '\n';
}

}  // namespace

std::span<const GeneralFlag> general_flags() { return general; }

std::string spelling(const Option& option) {
  if (option.is_switch()) return "--[no-]" + option.name;
  return "--" + option.name + '=' + option.placeholder;
}

std::string_view group_of(const Option& option) {
  // Stands with the collectors that it switches.
  if (option.name == "collectors") return "collector";
  return std::string_view(option.name).substr(0, option.name.find('.'));
}

std::string default_text(const Option& option) {
  const auto value = option.access.show(Config{});
  return "(default: " + (value.empty() ? "none" : value) +
         (option.is_list() ? "; may be repeated)" : ")");
}

std::string help_text(const std::vector<Option>& table) {
  std::string text(head);
  for (const auto& flag : general_flags()) add(text, flag.spelling, flag.help);
  std::string_view group;
  for (const auto& option : table) {
    if (group_of(option) != group) text += '\n' + std::string(group_of(option)) + '\n';
    group = group_of(option);
    add(text, spelling(option) + "  " + default_text(option), option.help);
    if (!option.cost.empty()) text += "      " + option.cost + " at most.\n";
  }
  return text;
}

}  // namespace cgroup2::config
