// SPDX-License-Identifier: Apache-2.0
#include "config/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ListenAddress, RefusesWhatIsNoAddress) {
  std::vector<base::Address> list;
  EXPECT_EQ(append_listen_address("a\nb", list),
            quote("a\nb") + " is not an address like :9306, 127.0.0.1:9306 or [::1]:9306");
  EXPECT_EQ(append_listen_address(":65536", list),
            "\":65536\" has a port out of range (0 to 65535)");
  EXPECT_THAT(list, IsEmpty());
}

TEST(ListenAddress, RefusesTheSameAgainAndTheSixtyFifth) {
  std::vector<base::Address> list{{"", 1}};
  EXPECT_EQ(append_listen_address(":1", list), "\":1\" is given twice");
  for (int port = 2; port <= 64; ++port) {
    EXPECT_EQ(append_listen_address(':' + std::to_string(port), list), std::nullopt);
  }
  EXPECT_EQ(append_listen_address(":65", list), "\":65\" is one too many (64)");
  EXPECT_EQ(list.size(), 64U);
}

TEST(ListenAddress, AppendsToTheList) {
  std::vector<base::Address> list;
  EXPECT_EQ(append_listen_address(":0", list), std::nullopt);
  EXPECT_EQ(append_listen_address("[::1]:9306", list), std::nullopt);
  EXPECT_THAT(list, ElementsAre(base::Address{"", 0}, base::Address{"::1", 9306}));
}

TEST(OptionalAddress, IsAnAddressOrNothing) {
  std::optional<base::Address> value;
  EXPECT_EQ(parse_optional_address("127.0.0.1:9307", value), std::nullopt);
  EXPECT_EQ(value, (base::Address{"127.0.0.1", 9307}));
  EXPECT_EQ(to_text(value), "127.0.0.1:9307");
  EXPECT_EQ(parse_optional_address("x", value),
            "\"x\" is not an address like :9306, 127.0.0.1:9306 or [::1]:9306");
  EXPECT_TRUE(value.has_value());
  EXPECT_EQ(parse_optional_address("", value), std::nullopt);
  EXPECT_EQ(value, std::nullopt);
  EXPECT_EQ(to_text(value), "");
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
