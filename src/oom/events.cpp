// SPDX-License-Identifier: Apache-2.0
#include "oom/events.h"

#include "base/procfs.h"

namespace cgroup2::oom {

std::optional<Events> parse_events(std::string_view text) {
  const auto kills = base::find_number(text, "oom_kill");
  if (!kills) return std::nullopt;
  return Events{.max = base::find_number(text, "max").value_or(0),
                .oom = base::find_number(text, "oom").value_or(0),
                .oom_kill = *kills,
                .oom_group_kill = base::find_number(text, "oom_group_kill").value_or(0)};
}

}  // namespace cgroup2::oom
