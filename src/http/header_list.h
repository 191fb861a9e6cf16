// SPDX-License-Identifier: Apache-2.0
// Lists in header values: "a;q=0.5, b" (RFC 9110 section 5.6). Pure, no allocation.
#pragma once

#include <optional>
#include <string_view>

namespace cgroup2::http {

/// Takes the next element up to `separator` off `rest`, without blanks around it. A separator
/// inside a quoted string does not count. Empty optional at the end; elements may be empty.
[[nodiscard]] std::optional<std::string_view> next_element(std::string_view& rest, char separator);

/// Tells whether both are the same word; the case of ASCII letters does not count.
[[nodiscard]] bool is_same_word(std::string_view a, std::string_view b);

/// Tells whether the comma separated list has `word`.
[[nodiscard]] bool lists_word(std::string_view list, std::string_view word);

/// Parses a weight into thousandths: "0.5" is 500. Empty optional for what RFC 9110 section 12.4.2
/// does not allow.
[[nodiscard]] std::optional<unsigned> parse_weight(std::string_view text);

}  // namespace cgroup2::http
