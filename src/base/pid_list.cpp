// SPDX-License-Identifier: Apache-2.0
#include "base/pid_list.h"

#include <algorithm>
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

// A list that is longer than the buffer is read anew, which happens once: the buffer stays as long.
Result<std::string_view> read_all_pids(const Dir& cgroup, std::vector<char>& buffer) {
  constexpr std::size_t first_size = 4096, max_size = std::size_t{1} << 20;
  if (buffer.empty()) buffer.resize(first_size);
  while (true) {
    const auto list = cgroup.read_part_at("cgroup.procs", buffer);
    if (!list) return list.error();
    if (list->is_whole) return list->text;
    if (buffer.size() >= max_size) return Error{EFBIG, "read"};
    buffer.resize(std::min(2 * buffer.size(), max_size));
  }
}

void append_pids(std::string_view list, std::vector<std::uint64_t>& pids) {
  while (const auto line = next_line(list)) {
    if (const auto pid = parse_u64(*line)) pids.push_back(*pid);
  }
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
