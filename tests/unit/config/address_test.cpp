// SPDX-License-Identifier: Apache-2.0
#include "config/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

using testing::ElementsAre;

TEST(ListenAddress, RefusesWhatCannotBeBound) {
  std::vector<std::string> list;
  for (const std::string text : {"",
                                 "9306",
                                 ":",
                                 "host",
                                 "host:",
                                 ":x",
                                 ":-1",
                                 ":+1",
                                 ": 1",
                                 ":9306s",
                                 "::1:9306",
                                 "[::1]",
                                 "[::1]9306",
                                 "[]:9306",
                                 "[:::]:1",
                                 "[1.2.3.4]:1",
                                 "[fe80::1%eth0]:1",
                                 "::1]:1",
                                 "[::1:1",
                                 "1.2.3:1",
                                 "256.1.1.1:1",
                                 "1.2.3.4.5:1",
                                 "-a:1",
                                 "a..b:1",
                                 "a b:1",
                                 "a/b:1",
                                 "http://a:1",
                                 "user@a:1",
                                 "\xc3\xa9:1"}) {
    EXPECT_EQ(append_listen_address(text, list),
              quote(text) + " is not an address like :9306, 127.0.0.1:9306 or [::1]:9306");
  }
  EXPECT_EQ(append_listen_address(std::string_view("a\0b:1", 5), list),
            quote(std::string_view("a\0b:1", 5)) +
                " is not an address like :9306, 127.0.0.1:9306 or [::1]:9306");
  const std::string long_name = std::string(254, 'a') + ":1";
  EXPECT_EQ(append_listen_address(long_name, list),
            quote(long_name) + " is not an address like :9306, 127.0.0.1:9306 or [::1]:9306");
  for (const std::string text : {":65536", "a:99999999999999999999999"}) {
    EXPECT_EQ(append_listen_address(text, list),
              quote(text) + " has a port out of range (0 to 65535)");
  }
  EXPECT_THAT(list, ElementsAre());
}

TEST(ListenAddress, RefusesASecondOfTheSameAndTheSixtyFifth) {
  std::vector<std::string> list{":1"};
  EXPECT_EQ(append_listen_address(":1", list), "\":1\" is given twice");
  for (int port = 2; port <= 64; ++port) {
    EXPECT_EQ(append_listen_address(':' + std::to_string(port), list), std::nullopt);
  }
  EXPECT_EQ(append_listen_address(":65", list), "\":65\" is one too many (64)");
  EXPECT_EQ(list.size(), 64U);
}

TEST(ListenAddress, TakesPortHostAndBothFamilies) {
  std::vector<std::string> list;
  for (const auto* text :
       {":0", ":65535", "127.0.0.1:9306", "0.0.0.0:9306", "localhost:9306", "node-1.example.org:80",
        "[::]:9306", "[2001:db8::1]:9306", "[::ffff:1.2.3.4]:1"}) {
    EXPECT_EQ(append_listen_address(text, list), std::nullopt) << text;
    EXPECT_EQ(list.back(), text);
  }
}

TEST(TelemetryPath, RefusesWhatNoClientWouldAskFor) {
  std::string value = "/metrics";
  for (const auto* text : {"", "metrics", "/a?b", "/a#b", "/a b", "//", "/a//b", "/%41", "/a\\b",
                           "/./a", "/a/.", "/../a", "/a/..", "/\xc3\xa9", "/a\n", "http://a/b"}) {
    EXPECT_EQ(parse_telemetry_path(text, value),
              quote(text) + " is not a path like /metrics (letters, digits and -._~/)");
  }
  for (const auto* text : {"/-/", "/-", "/-/healthy", "/-/x"}) {
    EXPECT_EQ(parse_telemetry_path(text, value),
              quote(text) + " is taken by the exporter's own pages");
  }
  EXPECT_EQ(value, "/metrics");
}

TEST(TelemetryPath, TakesPathsThatNeedNoEscaping) {
  std::string value;
  for (const auto* text : {"/", "/m", "/a/b-c_d.e~f/9", "/-a", "/...", "/.a"}) {
    EXPECT_EQ(parse_telemetry_path(text, value), std::nullopt) << text;
    EXPECT_EQ(value, text);
  }
}

}  // namespace
}  // namespace cgroup2::config
