// SPDX-License-Identifier: Apache-2.0
#include "exposition/header.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cgroup2::exposition {
namespace {

std::string header(std::string_view name, std::string_view type, Format format,
                   std::string_view help = "H.") {
  std::string out = "before\n";
  append_header(out, name, type, help, format);
  EXPECT_TRUE(out.starts_with("before\n"));
  return out.substr(7);
}

TEST(Header, EscapesTheHelpAsEachFormatWantsIt) {
  const std::string_view help = "a\\b \"c\"\nd";
  EXPECT_EQ(header("x", "gauge", Format::text, help),
            "# HELP x a\\\\b \"c\"\\nd\n# TYPE x gauge\n");
  EXPECT_EQ(header("x", "gauge", Format::openmetrics, help),
            "# TYPE x gauge\n# HELP x a\\\\b \\\"c\\\"\\nd\n");
  EXPECT_EQ(header("x", "gauge", Format::text, ""), "# HELP x \n# TYPE x gauge\n");
}

TEST(Header, HasTheNameOfTheSamplesInTheTextFormat) {
  EXPECT_EQ(header("x_seconds_total", "counter", Format::text),
            "# HELP x_seconds_total H.\n# TYPE x_seconds_total counter\n");
}

TEST(Header, HasTheNameWithoutTheSuffixOfTheSamplesInOpenMetrics) {
  EXPECT_EQ(header("x_total", "counter", Format::openmetrics), "# TYPE x counter\n# HELP x H.\n");
  EXPECT_EQ(header("x_info", "info", Format::openmetrics), "# TYPE x info\n# HELP x H.\n");
  EXPECT_EQ(header("x_total", "gauge", Format::openmetrics),
            "# TYPE x_total gauge\n# HELP x_total H.\n")
      << "a suffix of counters only";
}

TEST(Header, HasTypesThatTheTextFormatKnows) {
  EXPECT_EQ(header("x_info", "info", Format::text), "# HELP x_info H.\n# TYPE x_info gauge\n");
  EXPECT_EQ(header("x", "unknown", Format::text), "# HELP x H.\n# TYPE x untyped\n");
  EXPECT_EQ(header("x", "unknown", Format::openmetrics), "# TYPE x unknown\n# HELP x H.\n");
  EXPECT_EQ(header("x", "histogram", Format::text), "# HELP x H.\n# TYPE x histogram\n");
}

TEST(Header, SaysTheUnitInOpenMetrics) {
  for (const std::string unit : {"seconds", "bytes", "cores", "ratio"}) {
    const std::string name = "x_" + unit;
    const std::string lines = "# UNIT " + name + " " + unit + "\n# HELP " + name + " H.\n";
    EXPECT_EQ(header(name, "gauge", Format::openmetrics), "# TYPE " + name + " gauge\n" + lines);
    EXPECT_EQ(header(name + "_total", "counter", Format::openmetrics),
              "# TYPE " + name + " counter\n" + lines);
    EXPECT_EQ(header(name, "gauge", Format::text).find("UNIT"), std::string::npos);
  }
}

// A parser of OpenMetrics refuses a unit that is not the last word of the name.
TEST(Header, TakesOnlyAWordOfItsOwnForTheUnit) {
  for (const char* name : {"seconds", "nanoseconds", "x_milliseconds", "x_bytes_limit", "x"})
    EXPECT_EQ(header(name, "gauge", Format::openmetrics).find("UNIT"), std::string::npos) << name;
}

}  // namespace
}  // namespace cgroup2::exposition
