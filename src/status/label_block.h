// SPDX-License-Identifier: Apache-2.0
// Reads what base::append_label writes: name="value",name="value". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cgroup2::status {

struct Label {
  std::string_view name;
  std::string value;  ///< unescaped
};

/// Takes the next label off `block`, with the comma after it. Empty optional at the end, and for
/// what append_label does not write.
[[nodiscard]] std::optional<Label> next_label(std::string_view& block);

}  // namespace cgroup2::status
