// SPDX-License-Identifier: Apache-2.0
#include "identity/users.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using test::Root;

TEST(Users, AreThoseWhoseSystemdManagesTheCgroup) {
  const struct {
    const char *path, *expected;
  } rows[] = {
      {"/user.slice/user-1000.slice/user@1000.service/user.slice/x.scope", "1000"},
      {"/user@0.service", "0"},
      {"/user@1.service/user@2.service", "1"},
      {"/user.slice/user-1000.slice/session-1.scope", "-"},
      {"/system.slice/ci.service/user@0.service/x", "-"},
      {"/user.slice/user-1000.slice/session-1.scope/user@0.service", "-"},
      {"/user@.service", "-"},
      {"/user@name.service", "-"},
      {"/user@-1.service", "-"},
      {"/xuser@1.service", "-"},
      {"/user@1.servicex", "-"},
      {"/", "-"},
      {"", "-"},
  };
  for (const auto& row : rows) EXPECT_EQ(user_of_path(row.path).value_or("-"), row.expected);
}

std::string home_of(const base::Rooted& host, std::string_view user) {
  const auto home = home_of_user(host, user);
  if (!home) return "-";
  EXPECT_EQ(std::to_string(home->owner), user);
  return home->path;
}

TEST(Users, HaveTheHomesOfPasswd) {
  const Root root;
  const auto host = root.open();
  EXPECT_EQ(home_of(host, "1000"), "-");
  root.write("etc/passwd",
             "\n:\n::::::\nroot:x:0:0:root:/root:/bin/bash\n"
             "1000\n1000:1000:1000\n:::::::::1000:/a\n"
             "b:1000:1001:1000:1000:/b:/1000\n"
             "c:x:1002:::c:\n"
             "d:x:1003:::/:\n"
             "e:x:1004::::\n"
             "f:x:1000:1000:Größe, Zimmer 5:/home/f:/bin/sh\n"
             "g:x:1000:1000::/home/g:/bin/sh\n"
             "+::::::\n"
             "h:x:1006:::/home/h");
  const struct {
    const char *user, *expected;
  } rows[] = {
      {"0", "root"}, {"1000", "home/f"}, {"1001", "b"}, {"1002", "-"}, {"1003", "-"},
      {"1004", "-"}, {"1006", "home/h"}, {"1007", "-"}, {"", "-"},     {"x", "-"},
  };
  for (const auto& row : rows) EXPECT_EQ(home_of(host, row.user), row.expected) << row.user;
}

TEST(Users, HaveARuntimeDirectoryIfTheirUidIsOne) {
  const auto directory = runtime_directory_of_user("1000");
  ASSERT_TRUE(directory);
  EXPECT_EQ(directory->path, "run/user/1000");
  EXPECT_EQ(directory->owner, 1000u);
  for (const char* user : {"", "x", "1000x", "-1", "4294967296"})
    EXPECT_FALSE(runtime_directory_of_user(user)) << user;
}

TEST(Users, HaveNoHomesWhereGarbageStands) {
  const Root root;
  const auto host = root.open();
  for (const std::string& garbage :
       {std::string(), std::string("\n"), std::string(500'000, ':'), std::string(500'000, '\n'),
        std::string(2'000'000, 'x'), std::string("\0\0\0", 3), std::string("a:b")}) {
    root.write("etc/passwd", garbage);
    EXPECT_EQ(home_of(host, "1000"), "-") << garbage.substr(0, 10);
  }
  root.remove("etc/passwd");
  root.write("etc/passwd/", "");
  EXPECT_EQ(home_of(host, "1000"), "-");
  root.remove("etc/passwd");
  root.link("etc/passwd", "passwd");
  EXPECT_EQ(home_of(host, "1000"), "-");
}

}  // namespace
}  // namespace cgroup2::identity
