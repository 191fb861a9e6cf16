// SPDX-License-Identifier: Apache-2.0
#include "exposition/number.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <string_view>

namespace cgroup2::exposition {
namespace {

char* write_integer(char* at, std::uint64_t value) {
  return std::to_chars(at, at + max_number_length, value).ptr;
}

constexpr int digits_of(std::uint64_t power_of_ten) {
  int digits = 0;
  for (; power_of_ten > 1; power_of_ten /= 10) ++digits;
  return digits;
}

// Writes what write_number() makes of `value` / `per_second`, three times faster: a decimal of up
// to 15 digits is the shortest of its double. The rest, and what is shorter with an exponent, is
// left to write_number().
template <std::uint64_t per_second>
char* write_seconds(char* at, std::uint64_t value) {
  constexpr std::uint64_t all_shortest = 1'000'000'000'000'000;
  constexpr std::uint64_t shorter_with_exponent = 100'000;
  constexpr std::uint64_t min_without_exponent = per_second / 1'000;
  const std::uint64_t whole = value / per_second;
  std::uint64_t fraction = value % per_second;
  const bool is_plain =
      fraction == 0 ? whole < shorter_with_exponent : whole > 0 || fraction >= min_without_exponent;
  if (value >= all_shortest || !is_plain)
    return write_number(at, static_cast<double>(value) / static_cast<double>(per_second));
  at = write_integer(at, whole);
  if (fraction == 0) return at;
  *at++ = '.';
  int digits = digits_of(per_second);
  for (; fraction % 10 == 0; fraction /= 10) --digits;
  for (int i = digits; i-- > 0; fraction /= 10) at[i] = static_cast<char>('0' + fraction % 10);
  return at + digits;
}

}  // namespace

char* write_number(char* at, double value) {
  if (std::isfinite(value)) return std::to_chars(at, at + max_number_length, value).ptr;
  const std::string_view name = std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return std::ranges::copy(name, at).out;
}

char* write_value(char* at, std::uint64_t bits, catalog::Unit unit) {
  switch (unit) {
    case catalog::Unit::none:
    case catalog::Unit::bytes:
      return write_integer(at, bits);
    case catalog::Unit::nanoseconds:
      return write_seconds<static_cast<std::uint64_t>(catalog::nanoseconds_per_second)>(at, bits);
    case catalog::Unit::microseconds:
      return write_seconds<static_cast<std::uint64_t>(catalog::microseconds_per_second)>(at, bits);
    case catalog::Unit::milliseconds:
      return write_seconds<static_cast<std::uint64_t>(catalog::milliseconds_per_second)>(at, bits);
    case catalog::Unit::cores:
    case catalog::Unit::ratio:
      return write_number(at, std::bit_cast<double>(bits));
  }
  return at;
}

void append_number(std::string& out, double value) {
  char digits[max_number_length];
  out.append(digits, write_number(digits, value));
}

}  // namespace cgroup2::exposition
