// SPDX-License-Identifier: Apache-2.0
#include "http/listen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>

#include "base/fd.h"

namespace cgroup2::http {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::MatchesRegex;

/// Why the addresses cannot be listened on; empty if they can.
std::string problem(const std::vector<base::Address>& addresses) {
  try {
    (void)resolve_listen_addresses(addresses);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

bool has_ipv6_loopback() {
  const base::Fd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  return ::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

TEST(ListenAddress, IsRefusedWithTheReasonOfTheResolver) {
  const auto text = problem({{"a..b", 0}});
  EXPECT_THAT(text, MatchesRegex("cannot listen on a\\.\\.b:0: [A-Z].+"));
}

TEST(ListenAddress, IsRefusedIfItIsNotOfThisHost) {
  // 192.0.2.0/24 is reserved for documentation, RFC 5737.
  EXPECT_EQ(problem({{"192.0.2.1", 0}}),
            "cannot listen on 192.0.2.1:0: Cannot assign requested address");
}

TEST(ListenAddress, IsRefusedIfSomebodyListensThere) {
  const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* pointer = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(socket.number(), pointer, size), 0);
  ASSERT_EQ(::listen(socket.number(), 1), 0);
  ASSERT_EQ(::getsockname(socket.number(), pointer, &size), 0);
  for (const auto* host : {"127.0.0.1", "", "0.0.0.0"}) {
    const base::Address taken{host, ntohs(address.sin_port)};
    const auto expected = "cannot listen on " + to_string(taken) + ": Address already in use";
    EXPECT_EQ(problem({taken}), expected);
    EXPECT_EQ(problem({{"127.0.0.1", 0}, taken}), expected);
  }
}

TEST(ListenAddress, IsRefusedIfGivenTwice) {
  int port = 0;
  {
    // A port that was free a moment ago. If somebody takes it meanwhile, the message is the same.
    const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* pointer = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(socket.number(), pointer, size), 0);
    ASSERT_EQ(::getsockname(socket.number(), pointer, &size), 0);
    port = ntohs(address.sin_port);
  }
  const base::Address address{"127.0.0.1", port};
  EXPECT_EQ(problem({address, address}),
            "cannot listen on " + to_string(address) + ": Address already in use");
}

TEST(ListenAddress, BecomesNumeric) {
  EXPECT_THAT(resolve_listen_addresses({{"127.0.0.1", 0}, {"localhost", 0}, {"0.0.0.0", 0}}),
              ElementsAre("127.0.0.1:0", AnyOf("127.0.0.1:0", "[::1]:0"), "0.0.0.0:0"));
  EXPECT_TRUE(resolve_listen_addresses({}).empty());
}

TEST(ListenAddress, MeansBothFamiliesWithoutAHost) {
  EXPECT_THAT(resolve_listen_addresses({{"", 0}}), ElementsAre(AnyOf("+0", "0.0.0.0:0")));
}

TEST(ListenAddress, TakesIPv6InBracketsWhereTheHostHasIt) {
  if (has_ipv6_loopback()) {
    EXPECT_THAT(resolve_listen_addresses({{"::1", 0}, {"::", 0}, {"0::0001", 0}, {"", 0}}),
                ElementsAre("[::1]:0", "+0", "[::1]:0", "+0"));
  } else {
    EXPECT_THAT(problem({{"::1", 0}}),
                AnyOf("cannot listen on [::1]:0: Cannot assign requested address",
                      "cannot listen on [::1]:0: Address family not supported by protocol"));
  }
}

}  // namespace
}  // namespace cgroup2::http
