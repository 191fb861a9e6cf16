// SPDX-License-Identifier: Apache-2.0
#include "oom/events.h"

#include "base/text.h"

namespace cgroup2::oom {

std::optional<Events> parse_events(std::string_view text) {
  Events events;
  bool has_kills = false;
  while (auto line = base::next_line(text)) {
    const auto key = base::next_token(*line);
    std::uint64_t* const field = key == "max"              ? &events.max
                                 : key == "oom"            ? &events.oom
                                 : key == "oom_kill"       ? &events.oom_kill
                                 : key == "oom_group_kill" ? &events.oom_group_kill
                                                           : nullptr;
    if (field == nullptr) continue;
    const auto value = base::parse_u64(base::next_token(*line).value_or(""));
    if (!value) return std::nullopt;
    *field = *value;
    has_kills = has_kills || key == "oom_kill";
  }
  return has_kills ? std::optional(events) : std::nullopt;
}

}  // namespace cgroup2::oom
