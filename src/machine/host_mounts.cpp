// SPDX-License-Identifier: Apache-2.0
#include "machine/host_mounts.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/file_facts.h"
#include "base/mountinfo.h"
#include "base/text.h"

namespace cgroup2::machine {
namespace {

// A pod mounts some: its memory, its secrets. Their number has no bound but that of pods.
constexpr auto of_pods = std::to_array<std::string_view>(
    {"/run/containerd/", "/run/containers/", "/run/credentials/", "/run/docker/", "/run/netns/",
     "/var/lib/containerd/", "/var/lib/containers/", "/var/lib/docker/", "/var/lib/kubelet/",
     "/var/lib/rancher/", "/var/run/"});

// A file system that is mounted in many places, as in a container, needs no more than a few.
constexpr std::size_t max_points = 4;

bool is_of_host(std::string_view point) {
  return std::ranges::none_of(of_pods,
                              [&](std::string_view top) { return point.starts_with(top); });
}

bool is_at_or_below(std::string_view path, std::string_view top) {
  return top == "/" ||
         (path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/'));
}

// Where this process finds file systems.
class OwnMounts {
 public:
  explicit OwnMounts(std::string_view mountinfo) {
    while (const auto text = base::next_line(mountinfo)) {
      const auto line = base::parse_mount_line(*text);
      if (!line) continue;
      if (base::may_hang_type(line->type)) {
        hanging_.push_back(line->point);
      } else if (base::is_disk_type(line->type) || line->type == "tmpfs") {
        lines_.push_back(*line);
      }
    }
  }

  [[nodiscard]] std::vector<std::string> points_of(const base::MountLine& wanted) const {
    std::vector<std::string> points;
    for (const auto& line : lines_) {
      const bool is_same = line.device == wanted.device && line.type == wanted.type;
      if (is_same && is_safe(line.point)) points.push_back(base::decode_mount_text(line.point));
      if (points.size() == max_points) break;
    }
    return points;
  }

 private:
  [[nodiscard]] bool is_safe(std::string_view point) const {
    return std::ranges::none_of(hanging_,
                                [&](std::string_view top) { return is_at_or_below(point, top); });
  }

  std::vector<base::MountLine> lines_;
  std::vector<std::string_view> hanging_;
};

}  // namespace

std::vector<HostMount> choose_mounts(std::string_view host, std::string_view own) {
  const OwnMounts own_mounts(own);
  std::vector<HostMount> on_disk, in_memory;
  std::set<std::string> seen;
  while (const auto text = base::next_line(host)) {
    const auto line = base::parse_mount_line(*text);
    if (!line || line->device == 0) continue;
    const bool is_tmpfs = line->type == "tmpfs";
    if (is_tmpfs ? !is_of_host(line->point) : !base::is_disk_type(line->type)) continue;
    auto& chosen = is_tmpfs ? in_memory : on_disk;
    if (chosen.size() == max_filesystems) continue;
    auto device = base::decode_mount_text(is_tmpfs ? line->point : line->source);
    // The same tmpfs may be mounted in several places, and has no name of its own.
    auto key = is_tmpfs ? std::to_string(line->device) : device;
    if (seen.contains(key)) continue;
    auto points = own_mounts.points_of(*line);
    if (points.empty()) continue;
    seen.insert(std::move(key));
    chosen.push_back({.device = std::move(device),
                      .number = line->device,
                      .has_own_numbers = line->type == "btrfs",
                      .points = std::move(points)});
  }
  for (auto& mount : in_memory) {
    if (on_disk.size() < max_filesystems) on_disk.push_back(std::move(mount));
  }
  return on_disk;
}

}  // namespace cgroup2::machine
