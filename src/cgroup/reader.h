// SPDX-License-Identifier: Apache-2.0
// Reader: from cgroups to samples. Reads the files of the catalog, phase by phase over all cgroups.
#pragma once

#include <array>
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
#include "cgroup/interface.h"
#include "cgroup/labels.h"
#include "cgroup/root_values.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// A cgroup as the reader needs it. Parents stand before their children.
struct Subject {
  static constexpr std::size_t no_parent = std::numeric_limits<std::size_t>::max();

  const base::Dir* dir;
  std::span<const FileId> files;  ///< the interface files that its directory has
  std::string_view path;          ///< for log lines
  std::size_t parent;             ///< index among the subjects, or no_parent
  Owner owner;  ///< no_owner for a cgroup that is only read for its descendants' limits
};

/// How a collector fared in one poll.
struct Outcome {
  bool has_failed = false;  ///< something could not be read or parsed; absence is no failure
  std::chrono::nanoseconds duration{0};
};
using Outcomes = std::array<Outcome, catalog::collector_count>;

/// None if nobody asked, or if something else went wrong. One cgroup that has the file outweighs
/// those of which it was refused.
enum class Answer { none, refused, given };

/// Belongs to the poller's thread.
class Reader {
 public:
  /// `interface` tells the files' names. `procfs` has what the root cgroup lacks; `sysfs` gives the
  /// names of devices and may be closed.
  Reader(const Interface& interface, base::Dir procfs, base::Dir sysfs, base::ReadErrors& errors);

  /// Reads something else from the next read() on.
  void select(Selection selection);

  /// Reads the selected files of all subjects into `columns`, one read(2) each, and adds the
  /// derived values. What cannot be read is counted, logged once, and costs only itself.
  /// `root_controllers` is the content of the root's cgroup.controllers, nothing if it cannot be
  /// read.
  void read(std::span<const Subject> subjects, std::optional<std::string_view> root_controllers,
            Columns& columns, Outcomes& outcomes);

  /// The label values that the samples' LabelIds stand for.
  [[nodiscard]] std::shared_ptr<const std::vector<std::string>> labels() {
    return labels_.published();
  }

  /// What the kernel answered when the last read() asked for a file, of whichever cgroup.
  [[nodiscard]] Answer answer_of(FileId file) const {
    return file < plans_.size() ? plans_[file].answer : Answer::none;
  }

 private:
  struct Plan {
    Fields fields;
    std::vector<std::size_t> subjects;  // that have the file, in the current read()
    Answer answer = Answer::none;       // in the current read()
  };

  void plan_files();
  void distribute();
  void read_file(FileId file, std::size_t at);
  void read_phase(catalog::ReadPhase phase);
  void read_memory_phase();
  void fill_root(std::string_view controllers);
  void derive_all(std::optional<std::uint64_t> ram);
  void fail(const CollectorSet& collectors);
  void report(FileId file, const Subject& subject, std::string_view reason,
              std::string_view hint = {});

  const Interface& interface_;
  base::ReadErrors& errors_;
  RootValues root_values_;
  Labels labels_;
  Devices devices_;
  Selection selection_;
  std::vector<Plan> plans_;    // by FileId
  std::vector<FileId> order_;  // as in the catalog, whatever the order of a directory
  std::vector<char> buffer_;
  std::vector<Inputs> inputs_;
  std::vector<Limits> limits_;
  std::array<std::size_t, catalog::metric_count> sizes_{};  // of the columns of the last read()

  // Of the current read().
  std::span<const Subject> subjects_;
  Columns* columns_ = nullptr;
  Outcomes* outcomes_ = nullptr;
};

}  // namespace cgroup2::cgroup
