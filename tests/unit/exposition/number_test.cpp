// SPDX-License-Identifier: Apache-2.0
#include "exposition/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <locale>
#include <random>
#include <string>

namespace cgroup2::exposition {
namespace {

using catalog::Unit;

std::string number(double value) {
  std::string out;
  append_number(out, value);
  return out;
}

std::string value(std::uint64_t bits, Unit unit) {
  char digits[max_number_length];
  return {digits, write_value(digits, bits, unit)};
}

TEST(Number, IsShortestAndExact) {
  const struct {
    double value;
    const char* text;
  } rows[] = {{0, "0"},
              {1.5, "1.5"},
              {0.1, "0.1"},
              {-2, "-2"},
              {58761459 / 1e6, "58.761459"},
              {std::nan(""), "NaN"},
              {std::numeric_limits<double>::infinity(), "+Inf"},
              {-std::numeric_limits<double>::infinity(), "-Inf"}};
  for (const auto& row : rows) {
    std::string out;
    append_number(out, row.value);
    EXPECT_EQ(out, row.text);
  }
}

TEST(Number, DoesNotDependOnTheLocale) {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  std::string out;
  append_number(out, 1234567.5);
  std::locale::global(before);
  EXPECT_EQ(out, "1234567.5");
}

TEST(Number, OfTheKernelIsExact) {
  EXPECT_EQ(value(std::numeric_limits<std::uint64_t>::max(), Unit::bytes), "18446744073709551615");
  EXPECT_EQ(value(0, Unit::none), "0");
  EXPECT_EQ(value(std::bit_cast<std::uint64_t>(0.2), Unit::cores), "0.2");
}

// Whatever is faster must write what the shortest form is.
TEST(Number, OfSecondsIsTheShortestDecimalOfTheQuotient) {
  const struct {
    Unit unit;
    double per_second;
  } rows[] = {{Unit::nanoseconds, catalog::nanoseconds_per_second},
              {Unit::microseconds, catalog::microseconds_per_second},
              {Unit::milliseconds, catalog::milliseconds_per_second}};
  const auto check = [](Unit unit, double per_second, std::uint64_t bits) {
    ASSERT_EQ(value(bits, unit), number(static_cast<double>(bits) / per_second)) << bits;
  };
  std::mt19937_64 random(1);
  for (const auto& [unit, per_second] : rows) {
    for (std::uint64_t bits = 0; bits < 200'000; ++bits) check(unit, per_second, bits);
    for (std::uint64_t power = 1; power < 10'000'000'000'000'000'000ULL; power *= 10) {
      for (std::uint64_t factor = 1; factor < 100; ++factor) {
        for (const int step : {-1, 0, 1})
          check(unit, per_second, power * factor + static_cast<std::uint64_t>(step));
      }
    }
    for (int i = 0; i < 1'000'000; ++i) check(unit, per_second, random() >> (random() % 64));
  }
}

}  // namespace
}  // namespace cgroup2::exposition
