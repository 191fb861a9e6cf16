// SPDX-License-Identifier: Apache-2.0
#include "network/sockets.h"

#include <gtest/gtest.h>

namespace cgroup2::network {
namespace {

constexpr const char* sockstat =
    "sockets: used 290\n"
    "TCP: inuse 5 orphan 1 tw 2 alloc 7 mem 3\n"
    "UDP: inuse 4 mem -1\n"
    "UDPLITE: inuse 0\n"
    "RAW: inuse 9\n"
    "FRAG: inuse 0 memory 0\n";

TEST(Sockets, AreCountedByProtocol) {
  const auto tcp = parse_sockets(sockstat, "TCP");
  EXPECT_EQ(tcp.in_use, 5U);
  EXPECT_EQ(tcp.orphans, 1U);
  EXPECT_EQ(tcp.time_wait, 2U);
  EXPECT_EQ(tcp.allocated, 7U);
  EXPECT_EQ(tcp.memory, 3U);
  const auto udp = parse_sockets(sockstat, "UDP");
  EXPECT_EQ(udp.in_use, 4U);
  EXPECT_EQ(udp.orphans, std::nullopt);
  EXPECT_EQ(udp.memory, std::nullopt) << "negative while the kernel's parts are not added up";
}

TEST(Sockets, AreNoneOfAProtocolThatIsNotThere) {
  EXPECT_EQ(parse_sockets(sockstat, "TCP6").in_use, std::nullopt);
  EXPECT_EQ(parse_sockets("", "TCP").in_use, std::nullopt);
  EXPECT_EQ(parse_sockets("TCP: inuse", "TCP").in_use, std::nullopt);
  EXPECT_EQ(parse_sockets("TCP: inuse x tw 1", "TCP").in_use, std::nullopt);
  EXPECT_EQ(parse_sockets("TCP: inuse x tw 1", "TCP").time_wait, 1U);
}

}  // namespace
}  // namespace cgroup2::network
