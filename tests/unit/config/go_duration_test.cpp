// SPDX-License-Identifier: Apache-2.0
#include "config/go_duration.h"

#include <gtest/gtest.h>

#include <utility>

namespace cgroup2::config {
namespace {

using namespace std::chrono_literals;

TEST(GoDuration, IsParsedAsGoDoes) {
  const std::pair<const char*, std::chrono::nanoseconds> rows[] = {
      {"0", 0ns},
      {"+0", 0ns},
      {"0s", 0ns},
      {"1ns", 1ns},
      {"2us", 2us},
      {"3\u00b5s", 3us},
      {"4\u03bcs", 4us},
      {"500ms", 500ms},
      {"1s", 1s},
      {"+5s", 5s},
      {"1m30s", 90s},
      {"1h15m30.918273645s", 1h + 15min + 30'918'273'645ns},
      {"1.5h", 90min},
      {".5s", 500ms},
      {"5.s", 5s},
      {"1s1s", 2s},
      {"1s1h", 1h + 1s},
      {"0.3333333333333333333h", 20min},
      {"9223372036854775807ns", std::chrono::nanoseconds::max()},
      {"9223372036.854775807s", std::chrono::nanoseconds::max()},
  };
  for (const auto& [text, expected] : rows) {
    std::chrono::nanoseconds value{7};
    EXPECT_EQ(parse_go_duration(text, value), std::nullopt) << text;
    EXPECT_EQ(value.count(), expected.count()) << text;
  }
}

TEST(GoDuration, RefusesWhatGoRefusesAndWhatIsNegative) {
  for (const auto* text : {"",
                           "+",
                           "-1s",
                           "-0",
                           "3",
                           "s",
                           ".s",
                           ".",
                           "1",
                           "1.5",
                           "1d",
                           "1w",
                           "1y",
                           "1 s",
                           " 1s",
                           "1s ",
                           "1x",
                           "1S",
                           "++1s",
                           "1s-1s",
                           "0x1s",
                           "1e3s",
                           "9223372036854775808ns",
                           "9223372036.854775808s",
                           "2562048h",
                           "99999999999999999999s",
                           "9223372036854775807ns1ns"}) {
    std::chrono::nanoseconds value{7};
    EXPECT_NE(parse_go_duration(text, value), std::nullopt) << text;
    EXPECT_EQ(value.count(), 7) << text;
  }
  std::chrono::nanoseconds value{};
  EXPECT_EQ(parse_go_duration("1d", value), "\"1d\" is not a duration like 1s, 500ms or 1m30s");
}

}  // namespace
}  // namespace cgroup2::config
