// SPDX-License-Identifier: Apache-2.0
// InterfaceChoice: which interfaces are exported. Each name is decided once.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace cgroup2::network {

/// Says whether an interface is exported, by its name.
using TakesInterface = std::function<bool(std::string_view name)>;

/// Belongs to one thread.
class InterfaceChoice {
 public:
  /// Bounds the names that are known at once: a namespace's owner may make thousands.
  static constexpr std::size_t max_names = 2048;

  /// Sets what decides. Without a function all are taken.
  void set(TakesInterface takes) {
    takes_ = std::move(takes);
    names_.clear();
  }

  /// Begins a poll: forgets all names if there is no room for more, because names come and go.
  void begin_poll() {
    if (names_.size() >= max_names) names_.clear();
  }

  /// Says whether the interface is exported. Nothing for a new name if there are too many.
  [[nodiscard]] std::optional<bool> takes(std::string_view name);

 private:
  TakesInterface takes_;
  std::unordered_map<std::string, bool, base::TextHash, std::equal_to<>> names_;
};

}  // namespace cgroup2::network
