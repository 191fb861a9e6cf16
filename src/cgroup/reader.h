// SPDX-License-Identifier: Apache-2.0
// Reads the files of the catalog into columns of samples, phase by phase over all cgroups.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "catalog/catalog.h"
#include "cgroup/cgroup_to_read.h"
#include "cgroup/derived.h"
#include "cgroup/devices.h"
#include "cgroup/file_plan.h"
#include "cgroup/interface.h"
#include "cgroup/kept_values.h"
#include "cgroup/label_table.h"
#include "cgroup/root_values.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// Says how a collector fared in one poll.
struct Outcome {
  /// Something that concerns the host could not be read, or a file gave nothing for more than a
  /// tenth of the cgroups that have it. Absence is no failure.
  bool has_failed = false;
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

  /// Reads the selected files of all cgroups into `columns`, one read(2) each, but those that are
  /// known to say what they said, and adds the derived values. What cannot be read is counted,
  /// logged once, and costs only itself. `root_controllers` is the content of the root's
  /// cgroup.controllers, nothing if it cannot be read. `report` is the number of the watcher's
  /// report that came right before, 0 if nobody watches.
  void read(std::span<const CgroupToRead> cgroups, std::optional<std::string_view> root_controllers,
            Columns& columns, Outcomes& outcomes, std::uint64_t report = 0);

  /// Returns the label values that the samples' LabelIds stand for.
  [[nodiscard]] std::shared_ptr<const std::vector<std::string>> labels() {
    return labels_.published();
  }

  /// Returns the table of these values, for what others add to the samples after read().
  [[nodiscard]] LabelTable& label_table() { return labels_; }

  /// Returns how often what was kept was wrong, since the start.
  [[nodiscard]] const ColdFileMisses& cold_file_misses() const { return kept_.misses(); }

  /// Returns what the kernel answered when the last read() read a file, of whichever cgroup.
  [[nodiscard]] Answer answer_of(FileId file) const {
    return file < states_.size() ? states_[file].answer : Answer::none;
  }

 private:
  struct FileState {
    FilePlan plan;
    std::vector<bool> is_read{};   // by cgroup: it has the file, and that is needed
    std::size_t cgroups = 0;       // of which that is so
    std::size_t lost = 0;          // cgroups of these for which it gave nothing, as a failure
    Answer answer = Answer::none;  // in the current read(), as all of this
  };

  void plan_files();
  void distribute();
  void read_file(FileId file, std::size_t at);
  [[nodiscard]] bool is_kept(catalog::Changes changes) const;
  [[nodiscard]] bool read_values(FileId file, std::size_t at, const Destination& to);
  void read_phase(catalog::ReadPhase phase);
  void read_memory_phase();
  void fill_root(std::string_view controllers);
  void judge_files();
  [[nodiscard]] std::optional<std::uint64_t> read_cpus();
  void derive_all(const Limits& of_host);
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
  const std::unique_ptr<char[]> buffer_;
  KeptValues kept_;
  bool has_swap_ = true;           // in the current read()
  std::vector<FileValue> values_;  // of the file that is being read
  std::vector<Inputs> inputs_;
  std::vector<Limits> limits_;
  std::array<std::size_t, catalog::metric_count> sizes_{};  // of the columns of the last read()

  // Of the current read().
  std::span<const CgroupToRead> cgroups_;
  Columns* columns_ = nullptr;
  Outcomes* outcomes_ = nullptr;
};

}  // namespace cgroup2::cgroup
