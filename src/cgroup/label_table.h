// SPDX-License-Identifier: Apache-2.0
// Stores every text of kernel files that becomes a label value once: keys, names of devices, lists
// of CPUs, and what the stars in the names of files stand for.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// Gives numbers to label values. Numbers stay valid until forget(). Belongs to the poller's
/// thread.
class LabelTable {
 public:
  LabelTable();

  /// Returns the number of a value, and gives it one when it is new. Nothing once 8192 different
  /// values were seen: no real host comes near in one poll, and a hostile file must not fill the
  /// memory.
  [[nodiscard]] std::optional<LabelId> intern(std::string_view value);

  /// Says whether half of the numbers are given: time to forget() before a poll, because devices
  /// and lists of CPUs come and go.
  [[nodiscard]] bool is_crowded() const;

  /// Takes all numbers back. What was published stays as it was.
  void forget();

  /// Returns the value as it was read.
  [[nodiscard]] std::string_view text(LabelId id) const { return *texts_[id]; }

  /// Returns all values so far, escaped for the exposition, indexed by number. Snapshots share
  /// them; they are copied only when there are new values.
  [[nodiscard]] std::shared_ptr<const std::vector<std::string>> published();

 private:
  std::unordered_map<std::string, LabelId, base::TextHash, std::equal_to<>> ids_;
  std::vector<const std::string*> texts_;
  std::shared_ptr<const std::vector<std::string>> published_ =
      std::make_shared<std::vector<std::string>>();
};

}  // namespace cgroup2::cgroup
