// SPDX-License-Identifier: Apache-2.0
#include "oom/unnamed_owners.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

const Owner scope{.unit = "cri-containerd-1.scope"};
const Owner web{"shop", "shop-0", "web"};
const std::string path = "/kubepods.slice/cri-containerd-1.scope";

class UnnamedOwnersTest : public testing::Test, protected OwnerLookup {
 protected:
  UnnamedOwnersTest() { ledger.owners[scope] = {.kills = 1}; }

  CgroupAtPath identify(const base::SharedText& asked_path) override {
    EXPECT_EQ(asked_path, path);
    ++asked;
    return {answer};
  }
  ContainerStart start_of(std::size_t) override { return ContainerStart::none; }
  bool has_time() override { return is_time; }

  auto ask(std::chrono::seconds now, const std::set<Owner>& living = {}) {
    return owners.ask(living, ledger, *this, base::TimePoint(now));
  }

  UnnamedOwners owners;
  LedgerContent ledger;
  Owner answer = scope;
  int asked = 0;
  bool is_time = true;
};

TEST_F(UnnamedOwnersTest, FindsANameThatComesLate) {
  owners.add(scope, path, base::TimePoint(0s));
  EXPECT_TRUE(ask(1s).empty());
  answer = web;
  EXPECT_EQ(ask(2s), (std::vector{std::pair(scope, web)}));
  EXPECT_FALSE(owners.has_waiting());
  EXPECT_TRUE(ask(4s).empty());
}

TEST_F(UnnamedOwnersTest, AsksLessAndLessOftenAndForAMinute) {
  owners.add(scope, path, base::TimePoint(0s));
  for (auto now = 0s; now <= 60s; ++now) EXPECT_TRUE(ask(now).empty());
  EXPECT_EQ(asked, 6) << "after 1, 2, 4, 8, 16 and 32 seconds";
  EXPECT_TRUE(owners.has_waiting());
  answer = web;
  EXPECT_TRUE(ask(61s).empty());
  EXPECT_FALSE(owners.has_waiting());
}

TEST_F(UnnamedOwnersTest, BeginsWhenTheLastCgroupIsGone) {
  owners.add(scope, path, base::TimePoint(0s));
  for (auto now = 0s; now <= 300s; ++now) EXPECT_TRUE(ask(now, {scope}).empty());
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(owners.has_waiting());
  answer = web;
  EXPECT_EQ(ask(301s).size(), 1U);
}

TEST_F(UnnamedOwnersTest, AsksLaterWhereThereIsNoTime) {
  owners.add(scope, path, base::TimePoint(0s));
  answer = web;
  is_time = false;
  EXPECT_TRUE(ask(1s).empty());
  EXPECT_EQ(asked, 0);
  is_time = true;
  EXPECT_EQ(ask(1s).size(), 1U);
}

TEST_F(UnnamedOwnersTest, ForgetsWhatTheLedgerForgot) {
  owners.add(scope, path, base::TimePoint(0s));
  ledger.owners.clear();
  EXPECT_TRUE(ask(1s).empty());
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(owners.has_waiting());
}

TEST_F(UnnamedOwnersTest, TakesNoneThatHasANameOrIsAJobOrAUsers) {
  owners.add(web, path, base::TimePoint(0s));
  owners.add({.job = "42"}, path, base::TimePoint(0s));
  owners.add({.user = "eve", .unit = "app.service"}, path, base::TimePoint(0s));
  EXPECT_TRUE(ask(1s).empty());
  EXPECT_FALSE(owners.has_waiting());
}

}  // namespace
}  // namespace cgroup2::oom
