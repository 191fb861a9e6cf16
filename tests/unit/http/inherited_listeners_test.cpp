// SPDX-License-Identifier: Apache-2.0
// tests/service passes sockets to the program, whose number 3 is free.
#include "http/inherited_listeners.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace cgroup2::http {
namespace {

class InheritedListeners : public testing::Test {
 protected:
  ~InheritedListeners() override {
    ::unsetenv("LISTEN_PID");
    ::unsetenv("LISTEN_FDS");
  }

  static std::string problem(const std::string& pid, const std::string& count) {
    ::setenv("LISTEN_PID", pid.c_str(), 1);
    ::setenv("LISTEN_FDS", count.c_str(), 1);
    try {
      static_cast<void>(inherited_listeners());
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }
};

TEST_F(InheritedListeners, AreNoneUnlessTheyAreAnnouncedToThisProcess) {
  const auto none = "no socket activation file descriptors found";
  const auto own = std::to_string(::getpid());
  try {
    static_cast<void>(inherited_listeners());
    ADD_FAILURE();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), none);
  }
  EXPECT_EQ(problem("1", "1"), none);
  EXPECT_EQ(problem("", "1"), none);
  for (const auto* count : {"", "0", "-1", "1x", "99999999999999999999"})
    EXPECT_EQ(problem(own, count), none) << count;
  EXPECT_EQ(problem(own, "65"), "too many socket activation file descriptors");
}

TEST_F(InheritedListeners, MustListen) {
  // Ends with a number that is no listener, whatever the test's own descriptors are.
  EXPECT_TRUE(problem(std::to_string(::getpid()), "64").ends_with(" does not listen for TCP"));
}

}  // namespace
}  // namespace cgroup2::http
