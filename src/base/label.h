// SPDX-License-Identifier: Apache-2.0
// Bytes of the kernel to label values: cgroup names may hold anything but '/' and newline, label
// values must be UTF-8, should not hold control characters and be short.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cgroup2::base {

/// The most bytes that a label value has.
inline constexpr std::size_t max_label_size = 512;

/// Makes text that can be shown: valid UTF-8 without control characters (C0, DEL, C1) and without
/// characters that are not seen but reorder, join or break lines (U+202E, U+2028, U+200B, ...).
/// Each of their bytes, and each byte of an invalid sequence, becomes '%' and two hex digits. All
/// other text stays as it is.
[[nodiscard]] std::string to_text(std::string_view bytes);

/// Whether to_text() returns the text as it is, which it does with its own results and those of
/// to_label().
[[nodiscard]] bool is_text(std::string_view bytes);

/// Makes a label value: as to_text(), and '%' before two hex digits becomes "%25". A value longer
/// than max_label_size is cut: "~", 32 hex digits of the SHA-256 of `bytes`, "~" and the end of the
/// text that fits. Different bytes give different labels: a value that looks as if it was cut gets
/// its hash, too.
[[nodiscard]] std::string to_label(std::string_view bytes);

/// Returns where the first byte stands that is part of no character in UTF-8 or of a control
/// character; npos if there is none.
[[nodiscard]] std::size_t find_binary(std::string_view text);

/// Appends name="value" after a comma, without the comma at the beginning of the block. An empty
/// value is left out.
void append_label(std::string& block, std::string_view name, std::string_view value);

/// Appends `value` with backslash, quote and newline escaped, as both text formats want it inside
/// quotes.
void append_escaped(std::string& out, std::string_view value);

}  // namespace cgroup2::base
