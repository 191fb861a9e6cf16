// SPDX-License-Identifier: Apache-2.0
#include "oom/state_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::oom {
namespace {

class StateFileTest : public testing::Test {
 protected:
  static SavedState state() {
    SavedState state;
    state.boot_id = "boot";
    state.root = 1;
    state.ledger.forgotten = 3;
    return state;
  }
  StateFile file() { return {path_, log_}; }
  [[nodiscard]] std::string text(const std::string& name) const {
    std::ifstream file(tree_.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void expect_set_aside(const std::string& reason) {
    ASSERT_EQ(log_.lines().size(), 1U);
    EXPECT_NE(log_.lines()[0].text.find(reason), std::string::npos) << log_.lines()[0].text;
    EXPECT_TRUE(std::filesystem::exists(path_ + ".old"));
    EXPECT_TRUE(text("oom.json").empty());
  }

  test::Tree tree_{{"sub/", ""}};
  test::RecordingLog log_;
  std::string path_ = tree_.path("oom.json");
};

TEST_F(StateFileTest, LoadsWhatItSaved) {
  EXPECT_TRUE(file().save(state()));
  EXPECT_EQ(file().load("boot", 1), state());
  EXPECT_TRUE(log_.lines().empty());
}

TEST_F(StateFileTest, IsSilentWithoutAFile) {
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  path_ = tree_.path("missing/oom.json");
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  EXPECT_TRUE(log_.lines().empty());
}

TEST_F(StateFileTest, KeepsNothingWithoutAPath) {
  path_.clear();
  EXPECT_TRUE(file().save(state()));
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
}

TEST_F(StateFileTest, SetsAsideTheStateOfAnotherBoot) {
  EXPECT_TRUE(file().save(state()));
  EXPECT_EQ(file().load("other", 1), std::nullopt);
  expect_set_aside("another boot");
}

TEST_F(StateFileTest, SetsAsideAStateWhereTheBootIsNotKnown) {
  auto unknown = state();
  unknown.boot_id.clear();
  EXPECT_TRUE(file().save(unknown));
  EXPECT_EQ(file().load("", 1), std::nullopt);
  expect_set_aside("another boot");
}

TEST_F(StateFileTest, SetsAsideTheStateOfAnotherHierarchy) {
  EXPECT_TRUE(file().save(state()));
  EXPECT_EQ(file().load("boot", 2), std::nullopt);
  expect_set_aside("another part of the hierarchy");
}

TEST_F(StateFileTest, SetsAsideWhatIsNoState) {
  tree_.write("oom.json", "[global]\n");
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  expect_set_aside("another version or is damaged");
}

TEST_F(StateFileTest, ReadsOnceMoreWhatAKilledStartLeft) {
  EXPECT_TRUE(file().save(state()));
  std::filesystem::rename(path_, path_ + ".loading");
  EXPECT_EQ(file().load("boot", 1), state());
  EXPECT_TRUE(log_.lines().empty());
  EXPECT_FALSE(text("oom.json").empty());
  EXPECT_EQ(file().load("boot", 1), state());
}

TEST_F(StateFileTest, SetsAsideWhatEndedTwoStarts) {
  tree_.write("oom.json.loading-again", "crash");
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  expect_set_aside("ended twice");
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  EXPECT_EQ(log_.lines().size(), 1U);
}

TEST_F(StateFileTest, PrefersTheFileToWhatAKilledStartLeft) {
  tree_.write("oom.json.loading", "crash");
  EXPECT_TRUE(file().save(state()));
  EXPECT_EQ(file().load("boot", 1), state());
  EXPECT_TRUE(text("oom.json.loading").empty());
}

TEST_F(StateFileTest, ReadsWhatCannotBeRenamedInPlace) {
  tree_.write("oom.json.loading/in-the-way", "");
  EXPECT_TRUE(file().save(state()));
  EXPECT_EQ(file().load("boot", 1), state());
  EXPECT_TRUE(log_.lines().empty());
}

TEST_F(StateFileTest, SetsAsideWhatIsNoRegularFile) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  std::filesystem::remove(path_ + ".old");
  tree_.write("oom.json/in-it", "");
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  std::filesystem::remove_all(path_ + ".old");
  tree_.write("target", write_state(state()).text);
  std::filesystem::create_symlink(tree_.path("target"), path_);
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  EXPECT_EQ(log_.lines().size(), 3U);
  EXPECT_EQ(parse_state(text("target")), state()) << "what a link names stays as it is";
}

TEST_F(StateFileTest, SetsAsideWhatIsTooLong) {
  tree_.write("oom.json", "");
  std::filesystem::resize_file(path_, 64U << 20);
  EXPECT_EQ(file().load("boot", 1), std::nullopt);
  expect_set_aside("File too large");
}

TEST_F(StateFileTest, WarnsOnceWhereThereIsNotSpaceForAll) {
  auto long_named = state();
  long_named.ledger.unattributed[std::string(70'000, 'a')] = 4;
  auto file = this->file();
  EXPECT_TRUE(file.save(long_named));
  EXPECT_TRUE(file.save(long_named));
  EXPECT_EQ(log_.lines().size(), 1U);
  EXPECT_EQ(file.load("boot", 1)->ledger.forgotten, 7U);
}

TEST_F(StateFileTest, WarnsOfTheFirstFailureInARow) {
  path_ = tree_.path("sub/oom.json");
  tree_.write("sub/oom.json.new/in-the-way", "");
  auto file = this->file();
  EXPECT_FALSE(file.save(state()));
  EXPECT_FALSE(file.save(state()));
  EXPECT_TRUE(file.has_failed());
  EXPECT_EQ(log_.lines().size(), 1U);
  tree_.remove("sub/oom.json.new");
  EXPECT_TRUE(file.save(state()));
  EXPECT_FALSE(file.has_failed());
}

}  // namespace
}  // namespace cgroup2::oom
