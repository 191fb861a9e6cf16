// SPDX-License-Identifier: Apache-2.0
// Reader: from cgroups to samples. Reads the files of the catalog, pass by pass over all cgroups.
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "catalog/catalog.h"
#include "cgroup/derived.h"
#include "cgroup/devices.h"
#include "cgroup/fields.h"
#include "cgroup/labels.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

using CollectorSet = std::bitset<catalog::collector_count>;

/// A cgroup as the reader needs it. Parents stand before their children.
struct Subject {
  static constexpr std::size_t no_parent = std::numeric_limits<std::size_t>::max();

  const base::Dir* dir;
  std::string_view path;  ///< for log lines
  std::size_t parent;     ///< index among the subjects, or no_parent
  Owner owner;            ///< no_owner for a cgroup that is only read for its descendants' limits
};

/// How a collector fared in one poll.
struct Outcome {
  bool has_failed = false;  ///< something could not be read or parsed; absence is no failure
  std::chrono::nanoseconds duration{0};
};
using Outcomes = std::array<Outcome, catalog::collector_count>;

/// Belongs to the poller's thread.
class Reader {
 public:
  /// `sysfs` gives the names of devices; it may be closed.
  Reader(base::Dir sysfs, base::ReadErrors& errors);

  /// Reads the files of the enabled collectors of all subjects into `columns` and adds the derived
  /// values. `ram` is the host's memory in bytes, if known. What cannot be read is counted, logged
  /// once, and costs only itself.
  void read(std::span<const Subject> subjects, const CollectorSet& enabled,
            std::optional<std::uint64_t> ram, Columns& columns, Outcomes& outcomes);

  /// The label values that the samples' LabelIds stand for.
  [[nodiscard]] std::shared_ptr<const std::vector<std::string>> labels() {
    return labels_.published();
  }

 private:
  struct Plan {
    std::size_t file;
    std::string name;  // openat wants a terminated string
    Fields fields;
  };

  void read_file(Plan& plan, std::size_t subject);
  void read_pass(catalog::Pass pass);
  void derive_all(std::optional<std::uint64_t> ram);
  void report(const Plan& plan, const Subject& subject, std::string_view reason,
              std::string_view hint = {});

  base::ReadErrors& errors_;
  Labels labels_;
  Devices devices_;
  std::vector<Plan> plans_;
  std::vector<char> buffer_;
  std::vector<Inputs> inputs_;
  std::vector<Limits> limits_;

  // Of the current read().
  std::span<const Subject> subjects_;
  CollectorSet enabled_;
  Columns* columns_ = nullptr;
  Outcomes* outcomes_ = nullptr;
};

}  // namespace cgroup2::cgroup
