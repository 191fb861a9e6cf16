// SPDX-License-Identifier: Apache-2.0
// NetworkReader: reads the files in /proc/PID/net into columns of samples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/dir.h"
#include "base/read_errors.h"
#include "catalog/catalog.h"
#include "cgroup/label_table.h"
#include "cgroup/samples.h"
#include "cgroup/seen_labels.h"
#include "cgroup/selection.h"
#include "network/interface_choice.h"

namespace cgroup2::snapshot {

/// Belongs to the poller's thread.
class NetworkReader {
 public:
  /// Bounds the interfaces of a namespace that are exported, in the order of the file: who owns one
  /// may make thousands. Those of the host are root's.
  static constexpr std::size_t max_interfaces = 64;
  static constexpr std::size_t max_interfaces_of_host = 1024;

  explicit NetworkReader(base::ReadErrors& errors);

  /// Sets what is read.
  void select(const cgroup::CollectorSet& enabled, network::TakesInterface takes);

  /// Says whether the collectors of networks are on, or one of them.
  [[nodiscard]] bool is_on() const;
  [[nodiscard]] bool is_enabled(catalog::Collector collector) const {
    return enabled_.test(index(collector));
  }

  /// Begins a poll, in which samples go to `columns` and their labels into `labels`.
  void begin(cgroup::LabelTable& labels, cgroup::Columns& columns);

  /// Reads the namespace of the process whose /proc/PID/net this is. False, and no sample, if the
  /// process is gone or its files cannot be read.
  [[nodiscard]] bool read(const base::Dir& net, cgroup::CgroupIndex cgroup, bool is_host);

  /// Ends the poll: sorts the samples by cgroup.
  void end();

  /// Says whether something could not be read or parsed since begin(); absence is no failure.
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  /// Counts the interfaces beyond the bounds since begin(), as far as they were read.
  [[nodiscard]] std::size_t dropped_interfaces() const { return dropped_interfaces_; }

 private:
  [[nodiscard]] bool read_interfaces(const base::Dir& net, cgroup::CgroupIndex cgroup,
                                     std::size_t max);
  void push_interfaces(std::string_view lines, cgroup::CgroupIndex cgroup, std::size_t max);
  [[nodiscard]] bool read_sockets(const base::Dir& net, cgroup::CgroupIndex cgroup, bool is_host);
  void push(catalog::NetworkValue value, cgroup::CgroupIndex cgroup, std::uint64_t number,
            std::string_view label = {});
  void fail(std::string_view file, std::string_view reason);

  base::ReadErrors& errors_;
  cgroup::CollectorSet enabled_;
  network::InterfaceChoice choice_;
  std::unique_ptr<char[]> buffer_;  // of buffer_size; what no file fills takes no memory
  cgroup::SeenLabels seen_;
  std::array<std::size_t, catalog::network_value_count>
      sizes_{};  // of the columns of the last poll

  // Of the current poll.
  cgroup::LabelTable* labels_ = nullptr;
  cgroup::Columns* columns_ = nullptr;
  bool has_failed_ = false;
  std::size_t dropped_interfaces_ = 0;
};

}  // namespace cgroup2::snapshot
