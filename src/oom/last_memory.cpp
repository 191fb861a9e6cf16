// SPDX-License-Identifier: Apache-2.0
#include "oom/last_memory.h"

#include <string_view>

#include "base/text.h"

namespace cgroup2::oom {
namespace {

std::optional<std::uint64_t> read_number(const base::Dir& cgroup, const char* name) {
  char buffer[64];
  auto text = cgroup.read_at(name, buffer);
  return text ? base::parse_u64(base::next_line(*text).value_or("")) : std::nullopt;
}

}  // namespace

LastMemory read_last_memory(const base::Dir& cgroup) {
  LastMemory memory;
  memory.peak = read_number(cgroup, "memory.peak");
  memory.limit = read_number(cgroup, "memory.max");
  char buffer[8192];
  const auto stat = cgroup.read_at("memory.stat", buffer);
  std::string_view rest = stat ? *stat : std::string_view();
  while (auto line = base::next_line(rest)) {
    const auto key = base::next_token(*line);
    const auto value = base::parse_u64(base::next_token(*line).value_or(""));
    if (key == "anon") memory.anon = value;
    if (key == "file") memory.file = value;
  }
  return memory;
}

}  // namespace cgroup2::oom
