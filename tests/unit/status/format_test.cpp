// SPDX-License-Identifier: Apache-2.0
#include "status/format.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace cgroup2::status {
namespace {

using namespace std::chrono_literals;

TEST(Format, WritesBytesWithThreeDigits) {
  const std::vector<std::pair<double, std::string>> rows = {
      {0, "0 B"},
      {512, "512 B"},
      {1023, "1023 B"},
      {1024, "1.00 KiB"},
      {1536, "1.50 KiB"},
      {10'240, "10.0 KiB"},
      {190'840'832, "182 MiB"},
      {1048575, "1.00 MiB"},
      {16'750'372'454.0, "15.6 GiB"},
      {1.8446744073709552e19, "16.0 EiB"},
  };
  for (const auto& [bytes, text] : rows) EXPECT_EQ(format_bytes(bytes), text);
}

TEST(Format, WritesShares) {
  const std::vector<std::pair<double, std::string>> rows = {
      {0, "0 %"},    {-1, "0 %"},      {0.0004, "<0.1 %"}, {0.004, "0.4 %"},
      {0.1, "10 %"}, {0.095, "9.5 %"}, {1, "100 %"},       {1.4, "140 %"},
  };
  for (const auto& [share, text] : rows) EXPECT_EQ(format_share(share), text);
}

TEST(Format, WritesCores) {
  EXPECT_EQ(format_cores(0), "0");
  EXPECT_EQ(format_cores(0.004), "<0.01");
  EXPECT_EQ(format_cores(0.424), "0.42");
  EXPECT_EQ(format_cores(12.4), "12");
}

TEST(Format, WritesDurations) {
  const std::vector<std::pair<std::chrono::nanoseconds, std::string>> rows = {
      {0ns, "0 µs"},     {-5s, "0 µs"}, {850us, "850 µs"}, {1234us, "1.2 ms"}, {450ms, "450 ms"},
      {3400ms, "3.4 s"}, {45s, "45 s"}, {5min, "5 min"},   {3h, "3 h"},        {96h, "4 d"},
  };
  for (const auto& [duration, text] : rows) EXPECT_EQ(format_duration(duration), text);
}

TEST(Format, WritesTimes) {
  EXPECT_EQ(format_time(0ms), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(format_time(1'795'655'885'999ms), "2026-11-26 01:18:05 UTC");
}

TEST(Format, WritesTheLargestNumber) {
  EXPECT_EQ(fixed(std::numeric_limits<double>::max(), 2).size(), 312U);
}

}  // namespace
}  // namespace cgroup2::status
