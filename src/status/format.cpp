// SPDX-License-Identifier: Apache-2.0
#include "status/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace cgroup2::status {
namespace {

// Three digits, as far as there are any behind the point.
std::string three_digits(double value) {
  return fixed(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

std::string padded(std::uint64_t number, std::size_t width) {
  const auto digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

std::string fixed(double value, int decimals) {
  std::array<char, 400> digits;  // the largest double has 309 before the point
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::fixed, decimals)
                       .ptr;
  return {digits.data(), end};
}

std::string format_bytes(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  constexpr double step = 1024;
  constexpr double rounds_up_to_step = 1023.5;
  std::size_t unit = 0;
  for (; bytes >= rounds_up_to_step && unit + 1 < units.size(); ++unit) bytes /= step;
  return (unit == 0 ? fixed(bytes, 0) : three_digits(bytes)) + " " + units.at(unit);
}

std::string format_share(double share) {
  const double percent = share * 100;
  if (percent <= 0) return "0 %";
  if (percent < 0.1) return "<0.1 %";
  return fixed(percent, percent < 9.95 ? 1 : 0) + " %";
}

std::string format_cores(double cores) {
  if (cores <= 0) return "0";
  if (cores < 0.01) return "<0.01";
  return fixed(cores, cores < 9.95 ? 2 : 0);
}

std::string format_duration(std::chrono::nanoseconds duration) {
  struct DurationUnit {
    double seconds;
    double below;  // so many seconds
    const char* name;
    int decimals;
  };
  constexpr std::array units{DurationUnit{1e-6, 1e-3, " µs", 0},  DurationUnit{1e-3, 0.1, " ms", 1},
                             DurationUnit{1e-3, 1, " ms", 0},     DurationUnit{1, 10, " s", 1},
                             DurationUnit{1, 120, " s", 0},       DurationUnit{60, 7200, " min", 0},
                             DurationUnit{3600, 172'800, " h", 0}};
  const double seconds = std::max(0.0, std::chrono::duration<double>(duration).count());
  for (const DurationUnit& unit : units) {
    if (seconds < unit.below) return fixed(seconds / unit.seconds, unit.decimals) + unit.name;
  }
  return fixed(seconds / 86'400, 0) + " d";
}

std::string format_time(std::chrono::milliseconds since_1970) {
  using namespace std::chrono;
  const sys_time<milliseconds> time(since_1970);
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time) - day);
  const auto part = [](auto number) { return padded(static_cast<std::uint64_t>(number), 2); };
  return padded(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4) + "-" +
         part(static_cast<unsigned>(date.month())) + "-" + part(static_cast<unsigned>(date.day())) +
         " " + part(clock.hours().count()) + ":" + part(clock.minutes().count()) + ":" +
         part(clock.seconds().count()) + " UTC";
}

}  // namespace cgroup2::status
