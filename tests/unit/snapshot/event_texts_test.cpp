// SPDX-License-Identifier: Apache-2.0
#include "snapshot/event_texts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cgroup2::snapshot {
namespace {

class EventTextsTest : public testing::Test {
 protected:
  std::vector<std::string> of(std::size_t position) {
    std::vector<std::string> found;
    for (const auto& [file, text] : texts.of(position))
      found.push_back(interface[file].name + "=" + std::string(text));
    return found;
  }

  cgroup::Interface interface;
  EventTexts texts{interface};
};

using Found = std::vector<std::string>;

TEST_F(EventTextsTest, GivesWhatWasReadOfEachCgroup) {
  texts.clear();
  texts.begin_cgroup();
  texts.begin_cgroup();
  texts.add("memory.events", "max 1\n");
  texts.add("memory.events.local", "max 2\n");
  texts.begin_cgroup();
  texts.add("memory.events", std::string(1000, 'x'));
  texts.finish();
  EXPECT_EQ(of(0), Found{});
  EXPECT_EQ(of(1), (Found{"memory.events=max 1\n", "memory.events.local=max 2\n"}));
  EXPECT_EQ(of(2), Found{"memory.events=" + std::string(1000, 'x')});
  EXPECT_EQ(of(3), Found{});
}

TEST_F(EventTextsTest, HasNothingOfAnEarlierPass) {
  texts.begin_cgroup();
  texts.add("memory.events", "max 1\n");
  texts.clear();
  texts.finish();
  EXPECT_EQ(of(0), Found{});
}

TEST_F(EventTextsTest, LeavesOutWhatTheCatalogDoesNotHave) {
  texts.begin_cgroup();
  texts.add("memory.reclaim", "1\n");
  texts.finish();
  EXPECT_EQ(of(0), Found{});
}

}  // namespace
}  // namespace cgroup2::snapshot
