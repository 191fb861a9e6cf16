// SPDX-License-Identifier: Apache-2.0
// Bytes of the kernel to label values: cgroup names may hold anything but '/' and newline, label
// values must be UTF-8 and should not hold control characters.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::base {

/// Makes valid UTF-8 without control characters. Text that is clean already comes back as it is. In
/// all other text every byte of a control character (C0, DEL, C1), of an invalid sequence and of
/// U+FFFD itself becomes U+FFFD and two hex digits: different bytes give different labels, so two
/// cgroups can never collide.
[[nodiscard]] std::string to_label(std::string_view bytes);

/// Appends name="value" after a comma, without the comma at the beginning of the block. An empty
/// value is left out.
void append_label(std::string& block, std::string_view name, std::string_view value);

/// Appends `value` with backslash, quote and newline escaped, as both text formats want it inside
/// quotes.
void append_escaped(std::string& out, std::string_view value);

}  // namespace cgroup2::base
