// SPDX-License-Identifier: Apache-2.0
// NameSource: a place where runtimes, the kubelet or systemd leave names.
#pragma once

#include <optional>

#include "identity/names.h"

namespace cgroup2::identity {

/// Belongs to the thread of the resolver. Reads a few files at most, or what changed in a
/// directory since it was asked last.
class NameSource {
 public:
  NameSource() = default;
  virtual ~NameSource() = default;
  NameSource(const NameSource&) = delete;
  NameSource& operator=(const NameSource&) = delete;

  /// Adds to `names` what they do not say yet. `found` if it said anything. Nothing if this source
  /// never has an answer for such an owner: then it was not asked.
  [[nodiscard]] virtual std::optional<Lookup> look(const Question& question, Names& names) = 0;
};

}  // namespace cgroup2::identity
