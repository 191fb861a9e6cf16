// SPDX-License-Identifier: Apache-2.0
// Reads from /proc what the root cgroup has no file for (proc_meminfo(5), proc_vmstat(5),
// accounting/psi.rst).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/dir.h"
#include "base/read_errors.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "cgroup/file_plan.h"
#include "cgroup/formats.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// A value of a file below /proc, in bytes where the file says "kB". Nothing, without fault, if the
/// file has no such key. Pure.
///   MemTotal:        1009464 kB
///   oom_kill 3
///   some avg10=0.00 avg60=0.00 avg300=0.00 total=0
struct ProcValue {
  Fault fault = Fault::none;
  std::optional<std::uint64_t> number = {};
};
[[nodiscard]] ProcValue parse_proc_value(std::string_view text, std::string_view key,
                                         std::string_view member);

/// Reads the values of the root cgroup. Belongs to the poller's thread.
class RootValues {
 public:
  RootValues(base::Dir procfs, base::ReadErrors& errors)
      : procfs_(std::move(procfs)), errors_(errors) {}

  /// Begins a poll: reads the host's memory in bytes. Nothing, counted as an error, if it cannot be
  /// read.
  [[nodiscard]] std::optional<std::uint64_t> read_ram();

  /// Says whether the host has swap space (proc_swaps(5)), also if that cannot be told: the file
  /// may be LXCFS', which shows a container's.
  [[nodiscard]] bool has_swap() const;

  /// Pushes what the enabled columns lack of the root, `root`. `controllers` is the content of its
  /// cgroup.controllers. What cannot be read is counted and absent; returns the enabled collectors
  /// that lack it.
  [[nodiscard]] CollectorSet fill(const Destination& root, std::string_view controllers,
                                  const CollectorSet& enabled);

 private:
  // The content of a file below /proc. A file that is asked for again and again is read once a
  // poll.
  [[nodiscard]] const base::Result<std::string>& content_of(std::string_view file);
  // A row's number. Nothing, without failure, where the kernel does not offer it.
  struct RowValue {
    std::optional<std::uint64_t> number = {};
    bool has_failed = false;
  };
  [[nodiscard]] RowValue value_of(const catalog::RootRow& row);
  [[nodiscard]] RowValue parse(std::string_view file, std::string_view text, std::string_view key,
                               std::string_view member = {});

  base::Dir procfs_;
  base::ReadErrors& errors_;
  std::string held_;  // the file that content_ is of
  base::Result<std::string> content_ = base::Error{};
};

}  // namespace cgroup2::cgroup
