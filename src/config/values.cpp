// SPDX-License-Identifier: Apache-2.0
#include "config/values.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/label.h"
#include "base/text.h"
#include "catalog/cgroup_kind.h"
#include "catalog/identity_label.h"

namespace cgroup2::config {
namespace {

using std::chrono::milliseconds;

template <class T, std::size_t size>
using Words = std::array<std::pair<std::string_view, T>, size>;

constexpr Words<base::LogLevel, 4> log_levels{{{"debug", base::LogLevel::debug},
                                               {"info", base::LogLevel::info},
                                               {"warn", base::LogLevel::warn},
                                               {"error", base::LogLevel::error}}};
constexpr Words<LogFormat, 2> log_formats{
    {{"logfmt", LogFormat::logfmt}, {"json", LogFormat::json}}};
constexpr Words<SeriesSet, 3> series_sets{
    {{"lean", SeriesSet::lean}, {"standard", SeriesSet::standard}, {"full", SeriesSet::full}}};
constexpr Words<bool, 2> switches{{{"true", true}, {"false", false}}};

template <class T, std::size_t size>
Problem parse_word(const Words<T, size>& words, std::string_view text, T& value) {
  std::string names;
  for (const auto& [name, meaning] : words) {
    if (name == text) {
      value = meaning;
      return std::nullopt;
    }
    names += names.empty() ? "" : ", ";
    names += name;
  }
  return quote(text) + " is not one of " + names;
}

template <class T, std::size_t size>
std::string word_of(const Words<T, size>& words, T value) {
  const auto row = std::find_if(words.begin(), words.end(),
                                [&](const auto& word) { return word.second == value; });
  return row == words.end() ? std::string() : std::string(row->first);
}

// Largest first: the order in which a duration may name them.
constexpr Words<std::uint64_t, 7> units{{{"y", 365ULL * 24 * 3'600'000},
                                         {"w", 7ULL * 24 * 3'600'000},
                                         {"d", 24ULL * 3'600'000},
                                         {"h", 3'600'000},
                                         {"m", 60'000},
                                         {"s", 1'000},
                                         {"ms", 1}}};
constexpr std::uint64_t endless = 1'000'000'000'000'000;  // 31,000 years, and a sum of 7 still fits

// Milliseconds, `endless` for all that is longer. Nothing if the text is no duration.
std::optional<std::uint64_t> parse_milliseconds(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  auto unit = units.begin();
  while (!text.empty()) {
    const auto number = text.substr(0, text.find_first_not_of(digits));
    if (number.empty()) return std::nullopt;
    text.remove_prefix(number.size());
    const auto name = text.substr(0, text.find_first_of(digits));
    unit = std::find_if(unit, units.end(), [&](const auto& row) { return row.first == name; });
    if (unit == units.end()) return std::nullopt;
    text.remove_prefix(name.size());
    const auto count = base::parse_u64(number).value_or(endless);  // only digits: it fails by size
    total += count > endless / unit->second ? endless : count * unit->second;
    ++unit;
  }
  return std::min(total, endless);
}

// Appends the name of a row.
template <class Rows, class Row>
Problem append_one_of(const Rows& rows, std::string_view Row::*name, std::string_view text,
                      std::vector<std::string>& list) {
  if (std::ranges::find(rows, text, name) == rows.end()) {
    std::string known;
    for (const auto& row : rows) known += (known.empty() ? "" : ", ") + std::string(row.*name);
    return quote(text) + " is not one of " + known;
  }
  if (std::ranges::find(list, text) != list.end()) return quote(text) + " is given twice";
  list.emplace_back(text);
  return std::nullopt;
}

std::string range(const std::string& lowest, const std::string& highest) {
  return " is out of range (" + lowest + " to " + highest + ")";
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 200;
  return base::to_text(text.substr(0, longest)) + (text.size() > longest ? "..." : "");
}

std::string quote(std::string_view text) { return '"' + printable(text) + '"'; }

Problem parse_switch(std::string_view text, bool& value) {
  return parse_word(switches, text, value);
}

Problem NumberParser::operator()(std::string_view text, unsigned& value) const {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return quote(text) + " is not a whole number";
  }
  const auto number = base::parse_u64(text);
  if (!number || *number < lowest || *number > highest) {
    return quote(text) + range(to_text(lowest), to_text(highest));
  }
  value = static_cast<unsigned>(*number);
  return std::nullopt;
}

Problem DurationParser::operator()(std::string_view text, milliseconds& value) const {
  const auto parsed = parse_milliseconds(text);
  if (!parsed) return quote(text) + " is not a duration like 15s, 500ms or 1m30s";
  const milliseconds duration(static_cast<milliseconds::rep>(*parsed));
  if (duration < shortest || duration > longest) {
    return quote(text) + range(to_text(shortest), to_text(longest));
  }
  value = duration;
  return std::nullopt;
}

Problem parse_path(std::string_view text, std::string& value) {
  if (text.empty()) return "must not be empty";
  if (text.find('\0') != std::string_view::npos) return quote(text) + " is not a file name";
  value = text;
  return std::nullopt;
}

Problem parse_optional_path(std::string_view text, std::string& value) {
  if (!text.empty()) return parse_path(text, value);
  value.clear();
  return std::nullopt;
}

Problem parse_host_directory(std::string_view text, std::string& value) {
  if (!text.empty() && !text.starts_with('/')) return quote(text) + " is not an absolute path";
  return parse_optional_path(text, value);
}

Problem append_series_label(std::string_view text, std::vector<std::string>& list) {
  return append_one_of(catalog::identity_labels, &catalog::IdentityLabelInfo::name, text, list);
}

Problem append_cgroup_kind(std::string_view text, std::vector<std::string>& list) {
  return append_one_of(catalog::cgroup_kinds, &catalog::CgroupKindRow::word, text, list);
}

Problem append_runtime_label(std::string_view text, std::vector<std::string>& list) {
  constexpr std::size_t longest = 256, most = 64;
  const bool is_key = !text.empty() && text.size() <= longest &&
                      std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!is_key) return quote(text) + " is not a key like app.kubernetes.io/name";
  if (list.size() == most) return quote(text) + " is one too many (" + std::to_string(most) + ")";
  if (std::ranges::find(list, text) != list.end()) return quote(text) + " is given twice";
  list.emplace_back(text);
  return std::nullopt;
}

Problem parse_series_set(std::string_view text, SeriesSet& value) {
  return parse_word(series_sets, text, value);
}

Problem parse_log_level(std::string_view text, base::LogLevel& value) {
  return parse_word(log_levels, text, value);
}

Problem parse_log_format(std::string_view text, LogFormat& value) {
  return parse_word(log_formats, text, value);
}

std::string to_text(bool value) { return word_of(switches, value); }

std::string to_text(unsigned value) { return std::to_string(value); }

std::string to_text(milliseconds value) {
  if (value.count() <= 0) return "0s";
  auto rest = static_cast<std::uint64_t>(value.count());
  std::string text;
  for (const auto& [name, size] : units) {
    if (rest >= size) text += std::to_string(rest / size) + std::string(name);
    rest %= size;
  }
  return text;
}

std::string to_text(SeriesSet value) { return word_of(series_sets, value); }

std::string to_text(base::LogLevel value) { return word_of(log_levels, value); }

std::string to_text(LogFormat value) { return word_of(log_formats, value); }

std::string to_text(const std::string& value) { return value; }

std::string to_text(const base::Address& value) { return base::to_string(value); }

std::string to_text(const std::optional<base::Address>& value) {
  return value ? to_text(*value) : "";
}

}  // namespace cgroup2::config
