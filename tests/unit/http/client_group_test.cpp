// SPDX-License-Identifier: Apache-2.0
#include "http/client_group.h"

#include <gtest/gtest.h>

namespace cgroup2::http {
namespace {

TEST(ClientGroup, IsTheAddressOfIPv4AndTheNetworkOfIPv6) {
  const struct {
    const char *host, *expected;
  } rows[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
      {"2001:db8:1:2::9", "2001:db8:1:2::/64"},
      {"2001:db8:1:3::9", "2001:db8:1:3::/64"},
      {"::1", "::/64"},
      {"fe80::1%eth0", "fe80::/64"},
      {"name", "name"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(client_group(row.host), row.expected);
}

}  // namespace
}  // namespace cgroup2::http
