// SPDX-License-Identifier: Apache-2.0
// Says where the values of a cgroup's file go, and puts them there.
#pragma once

#include <cstdint>
#include <vector>

#include "catalog/metric.h"
#include "cgroup/derived.h"
#include "cgroup/interface.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// Holds one value that a file gave: of a metric (index in catalog::metrics), or of an input
/// (behind the metrics).
struct FileValue {
  std::uint16_t target;
  FileId file;  ///< for whoever keeps it
  LabelIds labels;
  std::uint64_t bits;

  friend bool operator==(const FileValue&, const FileValue&) = default;
};
static_assert(sizeof(FileValue) == 16, "each cgroup keeps some twenty");

/// Says whose file is read and where its values go. `columns` is nullptr for a cgroup that is only
/// read for its descendants' limits.
struct Destination {
  CgroupIndex cgroup;
  Columns* columns;
  Inputs* inputs;
  std::vector<FileValue>* values = nullptr;  ///< gets what is pushed as well
};

/// Pushes a value again that a file gave before.
void push(const FileValue& value, const Destination& to);

/// Adds a value of a metric to the one that the cgroup has with the same labels, as `how` says
/// (not `refused`); pushes it if there is none. Looks through what the cgroup has of the metric.
void merge(const FileValue& value, catalog::Repeated how, const Destination& to);

}  // namespace cgroup2::cgroup
