// SPDX-License-Identifier: Apache-2.0
#include "network/interface_choice.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::network {
namespace {

TEST(InterfaceChoice, TakesAllWithoutAFunction) {
  InterfaceChoice choice;
  EXPECT_EQ(choice.takes("lo"), true);
}

TEST(InterfaceChoice, DecidesOncePerName) {
  int asked = 0;
  InterfaceChoice choice;
  choice.set([&](std::string_view name) {
    ++asked;
    return name != "lo";
  });
  for (int poll = 0; poll < 3; ++poll) {
    choice.begin_poll();
    EXPECT_EQ(choice.takes("lo"), false);
    EXPECT_EQ(choice.takes("eth0"), true);
  }
  EXPECT_EQ(asked, 2);
}

TEST(InterfaceChoice, DecidesAnewWhatAReloadChanged) {
  InterfaceChoice choice;
  choice.set([](std::string_view) { return false; });
  EXPECT_EQ(choice.takes("eth0"), false);
  choice.set([](std::string_view) { return true; });
  EXPECT_EQ(choice.takes("eth0"), true);
}

TEST(InterfaceChoice, TakesNoNewNameBeyondTheBoundUntilTheNextPoll) {
  InterfaceChoice choice;
  EXPECT_EQ(choice.takes("eth0"), true);
  for (std::size_t i = 1; i < InterfaceChoice::max_names; ++i)
    EXPECT_EQ(choice.takes("x" + std::to_string(i)), true);
  EXPECT_EQ(choice.takes("new"), std::nullopt);
  EXPECT_EQ(choice.takes("eth0"), true) << "it is known";
  choice.begin_poll();
  EXPECT_EQ(choice.takes("new"), true);
}

}  // namespace
}  // namespace cgroup2::network
