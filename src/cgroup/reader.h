// SPDX-License-Identifier: Apache-2.0
// Reads the files of the catalog into columns of samples, phase by phase over all cgroups.
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
#include "cgroup/file_plan.h"
#include "cgroup/interface.h"
#include "cgroup/label_table.h"
#include "cgroup/root_values.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// Describes a cgroup to the reader. Parents stand before their children.
struct CgroupToRead {
  static constexpr std::size_t no_parent = std::numeric_limits<std::size_t>::max();

  const base::Dir* dir;
  std::span<const FileId> files;  ///< the interface files that its directory has
  std::string_view path;          ///< for log lines
  std::size_t parent;             ///< index among the cgroups, or no_parent
  CgroupIndex index;  ///< no_cgroup for a cgroup that is only read for its descendants' limits
};

/// Says how a collector fared in one poll.
struct Outcome {
  bool has_failed = false;  ///< something could not be read or parsed; absence is no failure
  std::chrono::nanoseconds duration{0};
};
using Outcomes = std::array<Outcome, catalog::collector_count>;

/// Says what the kernel answered when a file was read. None if it was not read, or if something
/// else went wrong. One cgroup that gave the file outweighs those that refused it.
enum class Answer { none, refused, given };

/// Reads the values of all cgroups. Belongs to the poller's thread.
class Reader {
 public:
  /// Reads below these directories: `procfs` has what the root cgroup lacks; `sysfs` has the names
  /// of devices and may be closed. `interface` has the names of the files.
  Reader(const Interface& interface, base::Dir procfs, base::Dir sysfs, base::ReadErrors& errors);

  /// Sets what is read from the next read() on.
  void select(Selection selection);

  /// Reads the selected files of all cgroups into `columns`, one read(2) each, and adds the
  /// derived values. What cannot be read is counted, logged once, and costs only itself.
  /// `root_controllers` is the content of the root's cgroup.controllers, nothing if it cannot be
  /// read.
  void read(std::span<const CgroupToRead> cgroups, std::optional<std::string_view> root_controllers,
            Columns& columns, Outcomes& outcomes);

  /// Returns the label values that the samples' LabelIds stand for.
  [[nodiscard]] std::shared_ptr<const std::vector<std::string>> labels() {
    return labels_.published();
  }

  /// Returns what the kernel answered when the last read() read a file, of whichever cgroup.
  [[nodiscard]] Answer answer_of(FileId file) const {
    return file < states_.size() ? states_[file].answer : Answer::none;
  }

 private:
  struct FileState {
    FilePlan plan;
    std::vector<std::size_t> cgroups;  // that have the file, in the current read()
    Answer answer = Answer::none;      // in the current read()
  };

  void plan_files();
  void distribute();
  void read_file(FileId file, std::size_t at);
  void read_phase(catalog::ReadPhase phase);
  void read_memory_phase();
  void fill_root(std::string_view controllers);
  void derive_all(std::optional<std::uint64_t> ram);
  void fail(const CollectorSet& collectors);
  void report(FileId file, const CgroupToRead& cgroup, std::string_view reason,
              std::string_view hint = {});

  const Interface& interface_;
  base::ReadErrors& errors_;
  RootValues root_values_;
  LabelTable labels_;
  Devices devices_;
  Selection selection_;
  std::vector<FileState> states_;  // by FileId
  std::vector<FileId> order_;      // as in the catalog, whatever the order of a directory
  std::vector<char> buffer_;
  std::vector<Inputs> inputs_;
  std::vector<Limits> limits_;
  std::array<std::size_t, catalog::metric_count> sizes_{};  // of the columns of the last read()

  // Of the current read().
  std::span<const CgroupToRead> cgroups_;
  Columns* columns_ = nullptr;
  Outcomes* outcomes_ = nullptr;
};

}  // namespace cgroup2::cgroup
