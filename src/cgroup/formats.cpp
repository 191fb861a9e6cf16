// SPDX-License-Identifier: Apache-2.0
#include "cgroup/formats.h"

#include <algorithm>

namespace cgroup2::cgroup {
namespace {

constexpr std::string_view unlimited = "max";

// The one line of a file that has one line; sets the fault otherwise.
std::string_view only_line(std::string_view text, Fault& fault) {
  if (text.empty() || text == "\n") {
    fault = Fault::empty;
    return {};
  }
  const auto line = next_whole_line(text, fault);
  if (!text.empty() && fault == Fault::none) fault = Fault::malformed;
  return line.value_or(std::string_view{});
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

Scalar parse_single_value(std::string_view text) {
  Scalar scalar;
  const auto line = only_line(text, scalar.fault);
  if (scalar.fault != Fault::none) return scalar;
  scalar.is_max = line == unlimited;
  if (scalar.is_max) return scalar;
  const auto number = base::parse_u64(line);
  if (!number) return {.fault = Fault::malformed};
  scalar.number = *number;
  return scalar;
}

std::optional<std::uint64_t> parse_wrapped_int(std::string_view text) {
  constexpr std::uint64_t wrap = std::uint64_t{1} << 32;
  if (!text.starts_with('-')) return std::nullopt;
  const auto below = base::parse_u64(text.substr(1));
  if (!below || *below == 0 || *below > wrap / 2) return std::nullopt;
  return wrap - *below;
}

Quota parse_quota(std::string_view text) {
  Quota quota;
  auto line = only_line(text, quota.fault);
  if (quota.fault != Fault::none) return quota;
  const auto first = base::next_token(line);
  const auto second = base::next_token(line);
  const auto period = second ? base::parse_u64(*second) : std::nullopt;
  if (!first || !period || *period == 0 || base::next_token(line))
    return {.fault = Fault::malformed};
  quota.period = *period;
  quota.is_max = *first == unlimited;
  if (quota.is_max) return quota;
  const auto number = base::parse_u64(*first);
  if (!number) return {.fault = Fault::malformed};
  quota.quota = *number;
  return quota;
}

bool is_plausible_key(std::string_view key) {
  constexpr std::size_t longest = 128;
  return !key.empty() && key.size() <= longest &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace cgroup2::cgroup
