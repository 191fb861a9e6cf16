// SPDX-License-Identifier: Apache-2.0
#include "config/pattern.h"

#include <re2/re2.h>

#include <memory>
#include <stdexcept>

namespace cgroup2::config {
namespace {

// RE2 took 13 s to refuse a pattern of 700 kB.
constexpr std::size_t longest = 16384;

RE2::Options bytewise() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  return options;
}

}  // namespace

Problem parse_optional_pattern(std::string_view text, std::string& value) {
  // The kernel refuses a newline in a cgroup's name, so it can only be the end of a YAML block ("|"
  // or ">" without "-"), and the pattern would silently match nothing.
  if (text.find('\n') != std::string_view::npos) return "must not contain a newline";
  if (text.size() > longest) return "is longer than " + std::to_string(longest) + " bytes";
  const RE2 pattern(re2::StringPiece(text.data(), text.size()), bytewise());
  if (!pattern.ok()) {
    return quote(text) + " is not a regular expression: " + printable(pattern.error());
  }
  value = text;
  return std::nullopt;
}

Problem parse_pattern(std::string_view text, std::string& value) {
  if (text.empty()) return "must not be empty (.* matches everything)";
  return parse_optional_pattern(text, value);
}

std::function<bool(std::string_view)> make_matcher(const std::string& pattern) {
  const auto compiled = std::make_shared<const RE2>(pattern, bytewise());
  if (!compiled->ok())
    throw std::runtime_error("bad pattern " + pattern + ": " + compiled->error());
  return [compiled](std::string_view path) {
    return RE2::FullMatch(re2::StringPiece(path.data(), path.size()), *compiled);
  };
}

}  // namespace cgroup2::config
