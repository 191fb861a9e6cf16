// SPDX-License-Identifier: Apache-2.0
// Access to what an option sets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/options.h"
#include "config/values.h"

namespace cgroup2::config {

template <class Member>
constexpr bool is_list = false;
template <class Item>
constexpr bool is_list<std::vector<Item>> = true;

/// Reaches a member of a group of Config through its parser, which takes (text, member&).
template <class Group, class Member, class Parser>
[[nodiscard]] Access member(Group Config::*group, Member Group::*member, Parser parser) {
  Access access;
  access.set = [=](Config& config, std::string_view text) -> Problem {
    return parser(text, (config.*group).*member);
  };
  access.show = [=](const Config& config) { return to_text((config.*group).*member); };
  if constexpr (is_list<Member>) {
    access.clear = [=](Config& config) { ((config.*group).*member).clear(); };
  }
  return access;
}

/// Reaches the switch of a collector.
[[nodiscard]] inline Access collector(const std::string& name) {
  Access access;
  access.set = [=](Config& config, std::string_view text) {
    bool is_enabled = true;
    auto problem = parse_switch(text, is_enabled);
    if (problem) return problem;
    config.collectors.switched.insert_or_assign(name, is_enabled);
    return problem;
  };
  access.show = [=](const Config& config) { return to_text(config.collectors.is_on(name)); };
  return access;
}

}  // namespace cgroup2::config
