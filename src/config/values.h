// SPDX-License-Identifier: Apache-2.0
// Values: from the text of one setting to its value and back. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "config/config.h"

namespace cgroup2::config {

/// What is wrong with a text, as half a sentence for the user. Empty optional: nothing is wrong.
/// Every parser here writes its result only in that case.
using Problem = std::optional<std::string>;

/// Makes text fit for a message: without control characters and cut to a length that fits in a
/// line.
[[nodiscard]] std::string printable(std::string_view text);

/// Does the same and adds quotes.
[[nodiscard]] std::string quote(std::string_view text);

/// Parses "true" or "false".
[[nodiscard]] Problem parse_switch(std::string_view text, bool& value);

/// Parses a decimal number, bounds included.
struct NumberParser {
  unsigned lowest;
  unsigned highest;

  [[nodiscard]] Problem operator()(std::string_view text, unsigned& value) const;
};

/// Parses a duration as Prometheus writes it: "15s", "500ms", "1m30s", "0"; bounds included.
struct DurationParser {
  std::chrono::milliseconds shortest;
  std::chrono::milliseconds longest;

  [[nodiscard]] Problem operator()(std::string_view text, std::chrono::milliseconds& value) const;
};

/// Parses a file name: not empty, without NUL.
[[nodiscard]] Problem parse_path(std::string_view text, std::string& value);

/// Parses a file name or nothing.
[[nodiscard]] Problem parse_optional_path(std::string_view text, std::string& value);

/// Parses an absolute path of the host, or nothing.
[[nodiscard]] Problem parse_host_directory(std::string_view text, std::string& value);

/// Appends one of catalog::identity_labels that is not in the list yet.
[[nodiscard]] Problem append_series_label(std::string_view text, std::vector<std::string>& list);

/// Appends a word of catalog::cgroup_kinds that is not in the list yet.
[[nodiscard]] Problem append_cgroup_kind(std::string_view text, std::vector<std::string>& list);

/// Appends a key of a label or annotation: 1 to 256 bytes of printable ASCII without blanks, at
/// most 64 of them.
[[nodiscard]] Problem append_runtime_label(std::string_view text, std::vector<std::string>& list);

[[nodiscard]] Problem parse_series_set(std::string_view text, SeriesSet& value);
[[nodiscard]] Problem parse_log_level(std::string_view text, base::LogLevel& value);
[[nodiscard]] Problem parse_log_format(std::string_view text, LogFormat& value);

/// Returns the text that the parser of the type takes back; a list is joined by ", ".
[[nodiscard]] std::string to_text(bool value);
[[nodiscard]] std::string to_text(unsigned value);
[[nodiscard]] std::string to_text(std::chrono::milliseconds value);
[[nodiscard]] std::string to_text(SeriesSet value);
[[nodiscard]] std::string to_text(base::LogLevel value);
[[nodiscard]] std::string to_text(LogFormat value);
[[nodiscard]] std::string to_text(const std::string& value);
[[nodiscard]] std::string to_text(const base::Address& value);
[[nodiscard]] std::string to_text(const std::optional<base::Address>& value);

template <class Member>
[[nodiscard]] std::string to_text(const std::vector<Member>& value) {
  std::string joined;
  for (const auto& one : value) joined += (joined.empty() ? "" : ", ") + to_text(one);
  return joined;
}

}  // namespace cgroup2::config
