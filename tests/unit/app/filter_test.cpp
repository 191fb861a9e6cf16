// SPDX-License-Identifier: Apache-2.0
#include "app/filter.h"

#include <gtest/gtest.h>

#include "config/config.h"

namespace cgroup2::app {
namespace {

TEST(Filter, MatchesTheWholePath) {
  const auto selects = make_filter("/a.*", "/ab");
  EXPECT_TRUE(selects("/a"));
  EXPECT_TRUE(selects("/abc"));
  EXPECT_FALSE(selects("/ab"));
  EXPECT_FALSE(selects("/x/a"));
}

TEST(Filter, TheDefaultSelectsEveryName) {
  const auto selects = make_filter(config::Config().cgroup.include, "");
  for (const char* path : {"/", "/bad\xff\xfe", "/new\nline", "/k\xc3\xa4se", "/\x01"})
    EXPECT_TRUE(selects(path)) << path;
}

TEST(Filter, MatchesUtf8ByteByByte) {
  EXPECT_TRUE(make_filter("/k\xc3\xa4se", "")("/k\xc3\xa4se"));
}

TEST(Filter, IsLinearOnHostileNames) {
  EXPECT_FALSE(make_filter("/(a*)*b", "")("/" + std::string(100'000, 'a')));
}

TEST(Filter, TheDefaultLeavesOutLoopbackAndTheHostsEnds) {
  const config::Config::Network network;
  const auto selects = make_filter(network.interfaces_include, network.interfaces_exclude);
  for (const char* name : {"eth0", "cni0", "cali12345678901", "lo0", "local"})
    EXPECT_TRUE(selects(name)) << name;
  for (const char* name : {"lo", "veth1a2b3c4", "docker0", "docker_gwbridge", "nerdctl0"})
    EXPECT_FALSE(selects(name)) << name;
}

}  // namespace
}  // namespace cgroup2::app
