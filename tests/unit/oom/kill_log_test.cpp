// SPDX-License-Identifier: Apache-2.0
#include "oom/kill_log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/log.h"

namespace cgroup2::oom {
namespace {

class KillLogTest : public testing::Test {
 protected:
  void add(std::uint64_t id, std::uint64_t kills, Limit limit, bool is_continued,
           std::uint64_t pass) {
    Owner owner;
    owner.container = "c" + std::to_string(id);
    kill_log_.add({id, kills, limit, is_continued}, "/" + std::to_string(id), owner, pass);
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> texts;
    for (const auto& line : log_.lines()) texts.push_back(line.text);
    return texts;
  }

  test::RecordingLog log_;
  KillLog kill_log_{log_};
};

TEST_F(KillLogTest, WaitsForAPassWithoutMoreOfTheSame) {
  add(3, 2, Limit::ancestor, false, 1);
  kill_log_.end_pass(1);
  EXPECT_TRUE(lines().empty());
  EXPECT_TRUE(kill_log_.has_waiting());
  add(3, 1, Limit::ancestor, true, 2);
  kill_log_.end_pass(2);
  EXPECT_TRUE(lines().empty());
  kill_log_.end_pass(3);
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_NE(lines()[0].find("cgroup=/3"), std::string::npos);
  EXPECT_NE(lines()[0].find("container=c3"), std::string::npos);
  EXPECT_NE(lines()[0].find("processes=3 limit=ancestor"), std::string::npos);
  EXPECT_FALSE(kill_log_.has_waiting());
}

TEST_F(KillLogTest, NamesTheJobAndItsUser) {
  kill_log_.add({3, 1, Limit::own, false}, "/3", {.user = "eve", .job = "42"}, 1);
  kill_log_.end_pass(2);
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_NE(lines()[0].find("user=eve job=42"), std::string::npos);
}

TEST_F(KillLogTest, TellsHowTheUseRose) {
  add(3, 1, Limit::own, false, 1);
  kill_log_.note_rise(3, {12'582'912, std::chrono::milliseconds(3001)});
  add(3, 1, Limit::own, true, 2);
  kill_log_.note_rise(3, {1, std::chrono::milliseconds(9000)});
  add(4, 1, Limit::own, false, 2);
  kill_log_.note_rise(4, {});
  kill_log_.note_rise(5, {1, std::chrono::milliseconds(1)});
  kill_log_.end_pass(3);
  ASSERT_EQ(lines().size(), 2U);
  EXPECT_NE(lines()[0].find("processes=2 limit=own "
                            "memory=rose from 12582912 bytes to the limit within 4 s"),
            std::string::npos)
      << lines()[0];
  EXPECT_EQ(lines()[1].find("rose"), std::string::npos);
}

TEST_F(KillLogTest, WritesALineForEachOom) {
  add(3, 1, Limit::own, false, 1);
  add(3, 1, Limit::own, false, 2);
  EXPECT_EQ(lines().size(), 1U);
  add(3, 1, Limit::ancestor, true, 3);  // of another limit
  EXPECT_EQ(lines().size(), 2U);
  kill_log_.end_pass(4);
  EXPECT_EQ(lines().size(), 3U);
}

TEST_F(KillLogTest, KeepsCgroupsApart) {
  add(3, 1, Limit::own, false, 1);
  add(4, 1, Limit::own, true, 1);
  kill_log_.end_pass(2);
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(KillLogTest, WritesWhatWaitsAtItsEnd) {
  {
    KillLog ending(log_);
    ending.add({3, 1, Limit::own, false}, "/3", {}, 1);
  }
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(KillLogTest, NamesVictimsAndWhatNobodyHad) {
  kill_log_.write_unattributed("/a", 2);
  kill_log_.write_victim({"/a", "/", "memcg", "java", "42", "100", "0"});
  ASSERT_EQ(lines().size(), 2U);
  EXPECT_NE(lines()[0].find("below=/a processes=2"), std::string::npos);
  EXPECT_NE(lines()[1].find("comm=java pid=42 cgroup=/a constraint=memcg"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::oom
