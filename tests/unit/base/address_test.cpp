// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace cgroup2::base {
namespace {

TEST(Address, RefusesWhatIsNotHostAndPort) {
  for (const std::string& text : std::vector<std::string>{"",
                                                          "9306",
                                                          ":",
                                                          "host",
                                                          "host:",
                                                          "localhost:http",
                                                          ":x",
                                                          ":-1",
                                                          ":+1",
                                                          ": 1",
                                                          ":1 ",
                                                          ":0x50",
                                                          ":9306s",
                                                          "::1:9306",
                                                          "2001:db8::1",
                                                          "[::1]",
                                                          "[::1]9306",
                                                          "[]:9306",
                                                          "[:9306",
                                                          "]:9306",
                                                          "[:::]:1",
                                                          "[[::1]]:1",
                                                          "[1.2.3.4]:1",
                                                          "[localhost]:1",
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
                                                          "\xc3\xa9:1",
                                                          std::string("a\0b:1", 5),
                                                          std::string("1.2.3.4\0:1", 10),
                                                          std::string(254, 'a') + ":1"}) {
    EXPECT_EQ(parse_address(text).problem,
              "is not an address like :9306, 127.0.0.1:9306 or [::1]:9306")
        << text;
  }
}

TEST(Address, RefusesAPortOutOfRange) {
  for (const auto* text : {":65536", "a:99999999999999999999999"}) {
    EXPECT_EQ(parse_address(text).problem, "has a port out of range (0 to 65535)") << text;
  }
}

TEST(Address, HasAHostWithoutBracketsAndAPort) {
  const std::vector<std::pair<std::string, Address>> rows = {
      {":0", {"", 0}},
      {":65535", {"", 65'535}},
      {"127.0.0.1:9306", {"127.0.0.1", 9306}},
      {"localhost:9306", {"localhost", 9306}},
      {"node-1.example_a.org:80", {"node-1.example_a.org", 80}},
      {"[::]:9306", {"::", 9306}},
      {"[2001:DB8::1]:9306", {"2001:DB8::1", 9306}},
      {"[::ffff:1.2.3.4]:1", {"::ffff:1.2.3.4", 1}},
  };
  for (const auto& [text, address] : rows) {
    const auto parsed = parse_address(text);
    EXPECT_EQ(parsed.problem, "") << text;
    EXPECT_EQ(parsed.address, address) << text;
    EXPECT_EQ(to_string(parsed.address), text);
  }
}

TEST(Address, HasAPortWithoutLeadingZeros) {
  EXPECT_EQ(to_string(parse_address("a:080").address), "a:80");
}

}  // namespace
}  // namespace cgroup2::base
