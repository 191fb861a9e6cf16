// SPDX-License-Identifier: Apache-2.0
#include "identity/user_names.h"

#include <gtest/gtest.h>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace std::chrono_literals;
using test::Root;

TEST(UserNames, AreThoseOfPasswdAndNumbersOtherwise) {
  const Root root;
  root.write("etc/passwd",
             "root:x:0:0::/root:/bin/sh\neve:x:1000:1000\ntwin:x:1000:1000\n:x:7:7\n");
  const auto host = root.open();
  UserNames users(host);
  const UserNames::Clock::time_point now{};
  EXPECT_EQ(users.name_of("0", now), "root");
  EXPECT_EQ(users.name_of("1000", now), "eve");
  EXPECT_EQ(users.name_of("1001", now), "1001");
  EXPECT_EQ(users.name_of("7", now), "7");
}

TEST(UserNames, AreReadAgainAfterAMinute) {
  const Root root;
  const auto host = root.open();
  UserNames users(host);
  const UserNames::Clock::time_point now{};
  EXPECT_EQ(users.name_of("1000", now), "1000");
  root.write("etc/passwd", "eve:x:1000:1000");
  EXPECT_EQ(users.name_of("1000", now + 59s), "1000");
  EXPECT_EQ(users.name_of("1000", now + 60s), "eve");
  root.remove("etc/passwd");
  EXPECT_EQ(users.name_of("1000", now + 120s), "1000");
}

}  // namespace
}  // namespace cgroup2::identity
