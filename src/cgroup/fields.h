// SPDX-License-Identifier: Apache-2.0
// Fields: where the values of one interface file go. Compiled from the catalog once, so that the
// poll looks nothing up by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "cgroup/derived.h"
#include "cgroup/devices.h"
#include "cgroup/formats.h"
#include "cgroup/labels.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// Whose file it is and where its values go. `columns` is nothing for a cgroup that is only read
/// for its descendants' limits.
struct Destination {
  Owner owner;
  Columns* columns;
  Inputs* inputs;
};

/// The plan for one file. Belongs to the poller's thread.
class Fields {
 public:
  Fields(std::size_t file, Labels& labels, Devices& devices);

  /// Parses `text` and pushes its samples and inputs. Bad parts are left out; returns the first
  /// fault. Inputs that a fault kept away are marked as failed. Allocates only for keys that were
  /// never seen before.
  [[nodiscard]] Fault extract(std::string_view text, const Destination& to);

  /// Marks the inputs of this file as failed, for a file that could not be read.
  void fail_inputs(Inputs& inputs) const;

  /// Whether the descendants of a cgroup need this file.
  [[nodiscard]] bool is_for_descendants() const { return is_for_descendants_; }

 private:
  // A value's way: into the column of a metric, into an input, or both ways by two of these.
  struct Target {
    catalog::Source source;
    std::optional<std::size_t> metric;
    std::optional<catalog::Input> input;
  };

  [[nodiscard]] Fault extract_single(std::string_view text, const Destination& to) const;
  [[nodiscard]] Fault extract_ratio(std::string_view text, const Destination& to) const;
  [[nodiscard]] Fault extract_flat(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_nested(std::string_view text, const Destination& to);

  [[nodiscard]] std::optional<LabelId> intern_at(std::size_t position, std::string_view key);
  [[nodiscard]] const std::vector<const Target*>& route(LabelId key);
  [[nodiscard]] bool is_repeated(LabelId key);
  [[nodiscard]] bool takes(const Target& target, std::string_view key) const;
  [[nodiscard]] Fault push(const Target& target, LabelId label, std::string_view value,
                           const Destination& to) const;

  const catalog::File& file_;
  Labels& labels_;
  Devices& devices_;
  std::vector<Target> targets_;
  bool is_for_descendants_ = false;

  // By the position of a key in the file: the label that stood there last time. Files keep their
  // order from cgroup to cgroup, so a comparison replaces the hash look-up.
  std::vector<LabelId> last_at_;
  // By label: the targets of a key (flat keyed) or a member (nested keyed).
  std::vector<std::optional<std::vector<const Target*>>> routes_;
  // By label: the extract() in which the key was seen last, to recognise repeated keys.
  std::vector<std::uint64_t> seen_in_;
  std::uint64_t extraction_ = 0;
};

}  // namespace cgroup2::cgroup
