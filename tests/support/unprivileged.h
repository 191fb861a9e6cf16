// SPDX-License-Identifier: Apache-2.0
// Unprivileged: gives up root for a scope, so that modes mean something.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

namespace cgroup2::test {

class Unprivileged {
 public:
  Unprivileged() { change(65534); }
  ~Unprivileged() { change(0); }

 private:
  static void change(uid_t uid) {
    if (::getuid() != 0) return;
    EXPECT_EQ(::seteuid(uid), 0);
  }
};

}  // namespace cgroup2::test
