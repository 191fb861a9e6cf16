// SPDX-License-Identifier: Apache-2.0
#include "config/values.h"

#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(Quote, MakesHostileTextPrintableAndShort) {
  EXPECT_EQ(quote("a b"), "\"a b\"");
  EXPECT_EQ(quote(std::string_view("a\0\n", 3)), "\"a%00%0A\"");
  EXPECT_EQ(quote(std::string(200, 'x')), '"' + std::string(200, 'x') + '"');
  EXPECT_EQ(quote(std::string(201, 'x')), '"' + std::string(200, 'x') + "...\"");
}

TEST(ParseSwitch, KnowsOnlyTrueAndFalse) {
  bool value = true;
  for (const auto* text : {"", "yes", "1", "True", "true "}) {
    EXPECT_EQ(parse_switch(text, value), quote(text) + " is not one of true, false");
  }
  EXPECT_TRUE(value);
  EXPECT_EQ(parse_switch("false", value), std::nullopt);
  EXPECT_FALSE(value);
  EXPECT_EQ(parse_switch("true", value), std::nullopt);
  EXPECT_TRUE(value);
}

TEST(NumberParser, RefusesWhatIsNoWholeNumberOrOutOfRange) {
  const struct {
    const char* text;
    const char* problem;
  } rows[] = {
      {"", "\"\" is not a whole number"},
      {"-1", "\"-1\" is not a whole number"},
      {"+5", "\"+5\" is not a whole number"},
      {"5.0", "\"5.0\" is not a whole number"},
      {"0x5", "\"0x5\" is not a whole number"},
      {" 5", "\" 5\" is not a whole number"},
      {"2", "\"2\" is out of range (3 to 10)"},
      {"11", "\"11\" is out of range (3 to 10)"},
      {"4294967299", "\"4294967299\" is out of range (3 to 10)"},
      {"99999999999999999999", "\"99999999999999999999\" is out of range (3 to 10)"},
  };
  unsigned value = 7;
  for (const auto& row : rows) EXPECT_EQ((NumberParser{3, 10}(row.text, value)), row.problem);
  EXPECT_EQ(value, 7U);
}

TEST(NumberParser, IncludesItsBounds) {
  unsigned value = 0;
  EXPECT_EQ((NumberParser{3, 10}("3", value)), std::nullopt);
  EXPECT_EQ(value, 3U);
  EXPECT_EQ((NumberParser{3, 10}("010", value)), std::nullopt);
  EXPECT_EQ(value, 10U);
}

TEST(DurationParser, RefusesWhatIsNoDuration) {
  milliseconds value = 7ms;
  for (const auto* text : {"", "5", "s", "-5s", "+5s", "5 s", "5S", "1.5s", "5sec", "1s5", "1s1m",
                           "1s1s", "1ms1s", "5\xc2\xb5s", "00", "s5"}) {
    EXPECT_EQ((DurationParser{0ms, 1h}(text, value)),
              quote(text) + " is not a duration like 15s, 500ms or 1m30s");
  }
  EXPECT_EQ(value, 7ms);
}

TEST(DurationParser, RefusesWhatIsOutOfRangeHoweverLong) {
  milliseconds value = 7ms;
  for (const auto* text :
       {"99ms", "0", "0s", "1h1ms", "1d", "1w", "1y", "9999999999y", "99999999999999999999999999s",
        "18446744073709551615ms", "18446744073709552s"}) {
    EXPECT_EQ((DurationParser{100ms, 1h}(text, value)),
              quote(text) + " is out of range (100ms to 1h)");
  }
  EXPECT_EQ(value, 7ms);
}

TEST(DurationParser, ReadsDurationsAsPrometheusWritesThem) {
  const struct {
    const char* text;
    milliseconds value;
    const char* shown;
  } rows[] = {
      {"0", 0ms, "0s"},
      {"0s", 0ms, "0s"},
      {"1ms", 1ms, "1ms"},
      {"15s", 15s, "15s"},
      {"1500ms", 1500ms, "1s500ms"},
      {"1m30s", 90s, "1m30s"},
      {"90s", 90s, "1m30s"},
      {"1h", 1h, "1h"},
      {"1d1h1m1s1ms", 90'061'001ms, "1d1h1m1s1ms"},
      {"1w", 168h, "1w"},
      {"1y", 8760h, "1y"},
      {"007s", 7s, "7s"},
  };
  for (const auto& row : rows) {
    milliseconds value = -1ms;
    EXPECT_EQ((DurationParser{0ms, 10'000h}(row.text, value)), std::nullopt) << row.text;
    EXPECT_EQ(value, row.value) << row.text;
    EXPECT_EQ(to_text(value), row.shown);
  }
}

TEST(ParsePath, RefusesEmptyAndNul) {
  std::string value = "/proc";
  EXPECT_EQ(parse_path("", value), "must not be empty");
  EXPECT_EQ(parse_path(std::string_view("/a\0b", 4), value), "\"/a%00b\" is not a file name");
  EXPECT_EQ(value, "/proc");
  EXPECT_EQ(parse_path("/host/proc", value), std::nullopt);
  EXPECT_EQ(value, "/host/proc");
}

TEST(ParseLog, KnowsItsWords) {
  auto level = base::LogLevel::warn;
  EXPECT_EQ(parse_log_level("Info", level), "\"Info\" is not one of debug, info, warn, error");
  EXPECT_EQ(level, base::LogLevel::warn);
  for (const auto* text : {"debug", "info", "warn", "error"}) {
    EXPECT_EQ(parse_log_level(text, level), std::nullopt);
    EXPECT_EQ(to_text(level), text);
  }
  auto format = LogFormat::json;
  EXPECT_EQ(parse_log_format("text", format), "\"text\" is not one of logfmt, json");
  EXPECT_EQ(format, LogFormat::json);
  for (const auto* text : {"logfmt", "json"}) {
    EXPECT_EQ(parse_log_format(text, format), std::nullopt);
    EXPECT_EQ(to_text(format), text);
  }
}

TEST(Values, TakeLabelsOfSeriesByTheirNames) {
  std::vector<std::string> list;
  for (const char* name : {"container_id", "namespace", "name_source"})
    EXPECT_EQ(append_series_label(name, list), std::nullopt) << name;
  EXPECT_EQ(append_series_label("namespace", list), "\"namespace\" is given twice");
  for (const char* name : {"", "cgroup", "Pod", "pod ", "label_app"}) {
    const auto problem = append_series_label(name, list);
    ASSERT_TRUE(problem) << name;
    EXPECT_TRUE(problem->starts_with('"' + std::string(name) + "\" is not one of container_id, "));
  }
  EXPECT_EQ(list, (std::vector<std::string>{"container_id", "namespace", "name_source"}));
}

TEST(Values, TakeKeysOfRuntimes) {
  std::vector<std::string> list;
  const std::string longest(256, 'x');
  for (const auto& key : {std::string("app.kubernetes.io/name"), std::string("!\"\\~"), longest})
    EXPECT_EQ(append_runtime_label(key, list), std::nullopt) << key;
  EXPECT_EQ(append_runtime_label("!\"\\~", list), "\"!\"\\~\" is given twice");
  for (const auto& key :
       {std::string(), std::string("a b"), std::string("a\n"), std::string("\0", 1),
        std::string("ä"), std::string("\x7f"), longest + 'x'}) {
    const auto problem = append_runtime_label(key, list);
    EXPECT_TRUE(problem && problem->ends_with(" is not a key like app.kubernetes.io/name")) << key;
  }
  while (list.size() < 64)
    EXPECT_EQ(append_runtime_label(std::to_string(list.size()), list), std::nullopt);
  EXPECT_EQ(append_runtime_label("64", list), "\"64\" is one too many (64)");
}

}  // namespace
}  // namespace cgroup2::config
