// SPDX-License-Identifier: Apache-2.0
// Looks up the names of block devices by number, in sysfs (/sys/dev/block/MAJ:MIN/uevent).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/dir.h"
#include "cgroup/label_table.h"

namespace cgroup2::cgroup {

/// Says whether a key has the form "8:0".
[[nodiscard]] bool is_device_number(std::string_view key);

/// The DEVNAME of a uevent file, or nothing. Pure.
///   MAJOR=254
///   MINOR=0
///   DEVNAME=vda
[[nodiscard]] std::optional<std::string_view> parse_device_name(std::string_view uevent);

/// Looks device names up and remembers them for one poll, because a number may be given to another
/// device. One thread.
class Devices {
 public:
  /// `sysfs` may be closed: then every device keeps its number.
  Devices(base::Dir sysfs, LabelTable& labels) : sysfs_(std::move(sysfs)), labels_(labels) {}

  /// Returns the directory that the names come from; it may be closed.
  [[nodiscard]] const base::Dir& sysfs() const { return sysfs_; }

  /// Forgets the names; called once per poll.
  void begin_poll() { names_.clear(); }

  /// Returns the label of a device: its name, or "major:minor" where sysfs has none. Nothing if
  /// there are too many labels.
  [[nodiscard]] std::optional<LabelId> label_of(std::string_view number);

 private:
  base::Dir sysfs_;
  LabelTable& labels_;
  std::unordered_map<std::string, LabelId> names_;
  std::string key_;   // reused, so that a look-up allocates nothing
  std::string path_;  // reused
};

}  // namespace cgroup2::cgroup
