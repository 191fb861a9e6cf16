// SPDX-License-Identifier: Apache-2.0
#include "config/go_duration.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "base/text.h"

namespace cgroup2::config {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::uint64_t longest = std::numeric_limits<std::int64_t>::max();  // 292 years

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 8> units{{
    {"ns", 1},
    {"us", 1'000},
    {"\u00b5s", 1'000},  // the micro sign
    {"\u03bcs", 1'000},  // the Greek letter
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
}};

std::string_view take(std::string_view& rest, std::size_t end) {
  const auto taken = rest.substr(0, end);
  rest.remove_prefix(taken.size());
  return taken;
}

// Returns the digits after a dot times `unit`, rounded as Go does. Digits that do not fit into 64
// bits do not count.
std::uint64_t part_of(std::string_view fraction, std::uint64_t unit) {
  std::uint64_t number = 0;
  double scale = 1;
  for (const char digit : fraction) {
    if (number > (longest - 9) / 10) break;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    scale *= 10;
  }
  return static_cast<std::uint64_t>(static_cast<double>(number) *
                                    (static_cast<double>(unit) / scale));
}

// Takes a number with its unit off `rest`.
std::optional<std::uint64_t> take_nanoseconds(std::string_view& rest) {
  const auto number = take(rest, rest.find_first_not_of(digits));
  std::string_view fraction;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    fraction = take(rest, rest.find_first_not_of(digits));
  }
  if (number.empty() && fraction.empty()) return std::nullopt;
  const auto name = take(rest, rest.find_first_of("0123456789."));
  const auto* unit = std::ranges::find(units, name, [](const auto& row) { return row.first; });
  const auto count = number.empty() ? 0 : base::parse_u64(number);
  if (unit == units.end() || !count || *count > longest / unit->second) return std::nullopt;
  const auto sum = *count * unit->second + part_of(fraction, unit->second);
  return sum > longest ? std::nullopt : std::optional(sum);
}

}  // namespace

Problem parse_go_duration(std::string_view text, std::chrono::nanoseconds& value) {
  const auto wrong = quote(text) + " is not a duration like 1s, 500ms or 1m30s";
  auto rest = text;
  if (rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty()) return wrong;
  std::uint64_t total = 0;
  if (rest == "0") rest = {};
  while (!rest.empty()) {
    const auto part = take_nanoseconds(rest);
    // Neither is 2^63 or more, so the sum does not overflow.
    if (!part || (total += *part) > longest) return wrong;
  }
  value = std::chrono::nanoseconds(static_cast<std::chrono::nanoseconds::rep>(total));
  return std::nullopt;
}

}  // namespace cgroup2::config
