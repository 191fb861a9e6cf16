// SPDX-License-Identifier: Apache-2.0
#include "cgroup/mount.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/mountinfo.h"
#include "base/text.h"

namespace cgroup2::cgroup {
namespace {

// In another cgroup namespace the host's tree shows as "/..", deeper as "/../..": the more levels
// up, the more is seen. Of mounts that start at the own root the shorter root sees more.
std::size_t levels_up(std::string_view root) {
  std::size_t levels = 0;
  while (root.starts_with("/..")) {
    root.remove_prefix(3);
    ++levels;
  }
  return levels;
}

bool sees_more(const Mount& a, const Mount& b) {
  if (levels_up(a.root) != levels_up(b.root)) return levels_up(a.root) > levels_up(b.root);
  return a.root.size() < b.root.size();
}

void add_controllers(std::string_view options, std::vector<std::string>& controllers) {
  constexpr std::array<std::string_view, 14> known{
      "cpu",     "cpuacct", "cpuset",  "memory",   "blkio",      "io",      "pids",
      "devices", "freezer", "net_cls", "net_prio", "perf_event", "hugetlb", "rdma"};
  while (!options.empty()) {
    const auto comma = options.find(',');
    const auto option = options.substr(0, comma);
    options.remove_prefix(comma == std::string_view::npos ? options.size() : comma + 1);
    if (std::ranges::find(known, option) != known.end()) controllers.emplace_back(option);
  }
}

}  // namespace

Mounts parse_mounts(std::string_view mountinfo) {
  Mounts mounts;
  while (const auto text = base::next_line(mountinfo)) {
    const auto line = base::parse_mount_line(*text);
    if (!line) continue;
    if (line->type == "cgroup2") {
      mounts.v2.push_back({base::decode_mount_text(line->point),
                           base::decode_mount_text(line->root), std::string(line->options)});
    } else if (line->type == "cgroup") {
      mounts.has_v1 = true;
      add_controllers(line->options, mounts.v1_controllers);
    }
  }
  std::ranges::stable_sort(mounts.v2, sees_more);
  return mounts;
}

base::Result<Mounts> read_mounts(const base::Dir& procfs) {
  constexpr std::size_t max_size = std::size_t{16} << 20;
  const auto text = procfs.read_all_at("self/mountinfo", max_size);
  return text ? base::Result<Mounts>(parse_mounts(*text)) : text.error();
}

}  // namespace cgroup2::cgroup
