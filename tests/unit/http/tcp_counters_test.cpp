// SPDX-License-Identifier: Apache-2.0
#include "http/tcp_counters.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <thread>

#include "unit/http/connected_pair.h"
#include "unit/http/counts_tcp.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;

TEST(TcpCounters, AreOfBothDirections) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info is too short here";
  const test::ConnectedPair pair;
  const auto before = tcp_counters(pair.server.number());
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->received, 0U);
  EXPECT_FALSE(before->has_unsent);
  ASSERT_EQ(::send(pair.client.number(), "abc", 3, 0), 3);
  EXPECT_EQ(tcp_counters(pair.server.number())->received, 3U);
  const auto bytes = pair.fill();
  const auto full = tcp_counters(pair.server.number());
  EXPECT_TRUE(full->has_unsent);
  EXPECT_GT(full->taken, before->taken);
  EXPECT_LT(full->taken, bytes);
}

// The kernel still counts what it dropped.
TEST(TcpCounters, HaveNothingUnsentOfAConnectionThatThePeerReset) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info is too short here";
  test::ConnectedPair pair;
  pair.fill();
  EXPECT_TRUE(tcp_counters(pair.server.number())->has_unsent);
  pair.client = base::Fd();  // has unread bytes
  EXPECT_FALSE(tcp_counters(pair.server.number())->has_unsent);
}

TEST(TcpCounters, AreAbsentWithoutAConnection) { EXPECT_FALSE(tcp_counters(-1)); }

}  // namespace
}  // namespace cgroup2::http
