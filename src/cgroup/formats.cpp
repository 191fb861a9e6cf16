// SPDX-License-Identifier: Apache-2.0
#include "cgroup/formats.h"

#include <algorithm>
#include <charconv>

#include "base/number_ranges.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {
namespace {

constexpr std::string_view unlimited = "max";

// Is LONG_MAX rounded down to a page, which hugetlb of 6.18 prints for "max"; pages of arm64 have
// up to 64 KiB.
constexpr std::uint64_t unlimited_from = 0x7FFFFFFFFFFF0000;

Value absent() { return {.is_absent = true}; }
Value malformed() { return {.fault = Fault::malformed}; }

// Parses the count behind a negative C int: "-2147483648" is 2^31, "-1" is 2^32 - 1.
std::optional<std::uint64_t> parse_wrapped_int(std::string_view text) {
  constexpr std::uint64_t wrap = std::uint64_t{1} << 32;
  if (!text.starts_with('-')) return std::nullopt;
  const auto below = base::parse_u64(text.substr(1));
  if (!below || *below == 0 || *below > wrap / 2) return std::nullopt;
  return wrap - *below;
}

Value parse_percent(std::string_view text) {
  if (text == unlimited) return absent();
  // from_chars would take "inf" and "-1" too.
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return malformed();
  double percent = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) return malformed();
  return {.bits = to_bits(percent / catalog::percent_per_ratio)};
}

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::none:
      return "none";
    case Fault::empty:
      return "empty";
    case Fault::truncated:
      return "truncated";
    case Fault::malformed:
      return "malformed";
    case Fault::duplicate:
      return "duplicate";
    case Fault::too_many_keys:
      return "too_many_keys";
  }
  return "malformed";
}

Value parse_value(std::string_view text, catalog::Notation notation) {
  if (notation == catalog::Notation::percent) return parse_percent(text);
  auto number = base::parse_u64(text);
  if (notation == catalog::Notation::limit) {
    if (text == unlimited || text == "-1" || number >= unlimited_from) return absent();
  }
  if (notation == catalog::Notation::int32 && !number) number = parse_wrapped_int(text);
  if (!number) return malformed();
  return {.bits = *number};
}

std::string_view first_line(std::string_view text, Fault& fault) {
  return next_whole_line(text, fault).value_or(std::string_view{});
}

Quota parse_quota(std::string_view text) {
  Quota quota;
  auto line = first_line(text, quota.fault);
  if (quota.fault != Fault::none) return quota;
  if (line.empty()) return {.fault = Fault::empty};
  const auto first = base::next_token(line);
  const auto second = base::next_token(line);
  const auto period = second ? base::parse_u64(*second) : std::nullopt;
  if (!first || !period || *period == 0) return {.fault = Fault::malformed};
  quota.period = *period;
  quota.is_max = *first == unlimited;
  if (quota.is_max) return quota;
  const auto number = base::parse_u64(*first);
  if (!number) return {.fault = Fault::malformed};
  quota.quota = *number;
  return quota;
}

Ranges parse_ranges(std::string_view line) {
  Ranges ranges;
  const bool is_list = base::visit_ranges(
      line, [&](std::uint64_t first, std::uint64_t last) { ranges.count += last - first + 1; });
  return is_list ? ranges : Ranges{.fault = Fault::malformed};
}

bool is_plausible_key(std::string_view key) {
  constexpr std::size_t max_size = 128;
  return !key.empty() && key.size() <= max_size &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace cgroup2::cgroup
