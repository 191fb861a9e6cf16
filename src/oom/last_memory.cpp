// SPDX-License-Identifier: Apache-2.0
#include "oom/last_memory.h"

#include <string_view>

#include "base/procfs.h"
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
  const std::string_view text = stat ? *stat : std::string_view();
  memory.anon = base::find_number(text, "anon");
  memory.file = base::find_number(text, "file");
  return memory;
}

}  // namespace cgroup2::oom
