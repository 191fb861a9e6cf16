// SPDX-License-Identifier: Apache-2.0
#include "base/pid_list.h"

#include <cerrno>
#include <charconv>
#include <iterator>

#include "base/text.h"

namespace cgroup2::base {

Result<std::string_view> read_pids(const Dir& cgroup, std::span<char> buffer) {
  const auto pids = cgroup.read_at("cgroup.procs", buffer);
  if (pids || pids.error().code != EFBIG) return pids;
  // The buffer is full; its last line may have lost digits.
  const std::string_view head(buffer.data(), buffer.size());
  return head.substr(0, head.rfind('\n') + 1);
}

bool is_listed(std::string_view pids, std::uint64_t wanted) {
  while (const auto line = next_line(pids)) {
    if (parse_u64(*line) == wanted) return true;
  }
  return false;
}

Result<Dir> open_process(const Dir& procfs, std::uint64_t pid) {
  char name[24] = {};
  std::to_chars(std::begin(name), std::end(name) - 1, pid);
  return procfs.open_at(name);
}

}  // namespace cgroup2::base
