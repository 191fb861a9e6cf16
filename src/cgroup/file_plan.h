// SPDX-License-Identifier: Apache-2.0
// Plans where the values of one interface file go. A plan is made from the catalog once, so that
// the poll looks nothing up by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "cgroup/bindings.h"
#include "cgroup/derived.h"
#include "cgroup/destination.h"
#include "cgroup/devices.h"
#include "cgroup/formats.h"
#include "cgroup/interface.h"
#include "cgroup/label_table.h"
#include "cgroup/samples.h"
#include "cgroup/seen_labels.h"
#include "cgroup/selection.h"

namespace cgroup2::cgroup {

/// Extracts the values of one file. Belongs to the poller's thread. `labels`, `devices` and the
/// selection's function must outlive it.
class FilePlan {
 public:
  FilePlan(const InterfaceFile& file, const Selection& selection, LabelTable& labels,
           Devices& devices);
  FilePlan(FilePlan&&) noexcept = default;
  FilePlan(const FilePlan&) = delete;
  FilePlan& operator=(const FilePlan&) = delete;

  /// Returns the collectors that the file is read for, those of derived values included. None if
  /// the selection wants nothing of it.
  [[nodiscard]] const CollectorSet& collectors() const { return collectors_; }

  /// Says whether the descendants of a cgroup need this file.
  [[nodiscard]] bool is_for_descendants() const { return is_for_descendants_; }

  /// Says whether a cgroup needs this file, by what its other files have said so far: all of them
  /// do if a metric is made of it.
  [[nodiscard]] bool is_needed_with(const Inputs& inputs) const {
    return !only_with_ || inputs.is_present(*only_with_) || inputs.is_failed(*only_with_);
  }

  /// Says whether only cgroups that have children need this file.
  [[nodiscard]] bool is_of_parents() const { return is_of_parents_; }

  /// Parses `text` and pushes its samples and inputs. Bad parts are left out; returns the first
  /// fault. Inputs that a fault kept away are marked as failed. Lines of several things with one
  /// name give one sample. Allocates only for keys that were never seen before.
  [[nodiscard]] Fault extract(std::string_view text, const Destination& to);

  /// Says whether the last extract() had a fault that cost every value of the file. A file that may
  /// be empty loses nothing but its bad lines.
  [[nodiscard]] bool has_lost_all() const { return has_lost_all_; }

  /// Marks the inputs of this file as failed, for a file that could not be read.
  void fail_inputs(Inputs& inputs) const;

 private:
  [[nodiscard]] Fault extract_shape(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_line(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_quota(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_flat(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_nested(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_members(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_words(std::string_view text, const Destination& to);
  [[nodiscard]] Fault extract_ranges(std::string_view text, const Destination& to);

  [[nodiscard]] bool is_of_key(std::string_view member) const;
  [[nodiscard]] Fault take_text(const Target& target, std::optional<LabelId> line,
                                std::string_view text, const Destination& to);
  [[nodiscard]] Fault take(const Target& target, const LabelIds& labels, std::string_view text,
                           const Destination& to);
  [[nodiscard]] LabelIds with_star(LabelId label = no_label, LabelId more = no_label) const;
  [[nodiscard]] Fault push(const Target& target, const LabelIds& labels, std::uint64_t bits,
                           const Destination& to);

  const catalog::File& file_;
  LabelTable& labels_;
  Devices& devices_;
  LabelId star_ = no_label;
  Bindings bindings_;
  CollectorSet collectors_;
  bool is_for_descendants_ = false;
  bool is_of_parents_ = true;                // as long as no value of others is wanted
  std::optional<catalog::Input> only_with_;  // as of catalog::InputRow, if there is no metric

  std::string key_;           // of the line, where it is two tokens; reused
  SeenLabels keys_;           // of the file
  SeenLabels members_;        // of the line
  bool is_repeated_ = false;  // the line has a key that an earlier line had
  bool has_value_ = false;    // of the text, be it an absent one
  bool has_lost_all_ = false;
};

}  // namespace cgroup2::cgroup
