// SPDX-License-Identifier: Apache-2.0
#include "config/pattern.h"

#include <re2/re2.h>

namespace cgroup2::config {

Problem parse_exclude(std::string_view text, std::string& value) {
  // The kernel refuses a newline in a cgroup's name, so it can only be the end of a YAML block ("|"
  // or ">" without "-"), and the pattern would silently match nothing.
  if (text.find('\n') != std::string_view::npos) return "must not contain a newline";
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 pattern(re2::StringPiece(text.data(), text.size()), options);
  if (!pattern.ok()) {
    return quote(text) + " is not a regular expression: " + printable(pattern.error());
  }
  value = text;
  return std::nullopt;
}

Problem parse_include(std::string_view text, std::string& value) {
  if (text.empty()) return "must not be empty (.* includes every cgroup)";
  return parse_exclude(text, value);
}

}  // namespace cgroup2::config
