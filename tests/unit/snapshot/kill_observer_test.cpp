// SPDX-License-Identifier: Apache-2.0
#include "snapshot/kill_observer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/read_errors.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

class KillObserverTest : public testing::Test {
 protected:
  base::Dir open(const std::string& name) const {
    return std::move(*base::Dir::open(files_.path(name)));
  }

  test::Tree files_{{"cgroup/a/memory.events", "oom_kill 3\n"},
                    {"cgroup/a/memory.events.local", "oom 1\noom_kill 2\n"},
                    {"cgroup/b/memory.events", "oom_kill 1\n"},
                    {"cgroup/c/memory.events", "oom_kill 1\n"},
                    {"cgroup/c/memory.events.local", "rubbish\n"}};
  test::RecordingLog log_;
  base::ReadErrors errors_{log_};
  cgroup::Interface interface_;
  EventTexts texts_{interface_};
  cgroup::Tree tree_{open("cgroup"), interface_, errors_};
  KillObserver observer_{texts_};

  // What a pass observes of the cgroup at that position, whose directory is known already.
  oom::Observation observe(std::size_t position) {
    observer_.begin_pass();
    return observer_.observe(*tree_.nodes()[position]);
  }
};

TEST_F(KillObserverTest, ReadsTheCountersAndWhichFileTheyAreOf) {
  tree_.refresh();
  const cgroup::Node& node = *tree_.nodes()[1];
  const auto seen = observe(1);
  EXPECT_EQ(seen.cgroup.id, node.id);
  EXPECT_EQ(seen.cgroup.parent, tree_.nodes()[0]->id);
  EXPECT_NE(seen.cgroup.generation, 0U);
  EXPECT_EQ(seen.parent_index, 0U);
  EXPECT_EQ(seen.path, "/a");
  EXPECT_EQ(seen.total.oom_kill, 3U);
  EXPECT_EQ(seen.local.oom_kill, 2U);
  EXPECT_EQ(seen.local.oom, 1U);
}

TEST_F(KillObserverTest, HasNoGenerationWhereEitherFileCannotBeRead) {
  tree_.refresh();
  const auto root = observe(0);
  EXPECT_EQ(root.cgroup.generation, 0U);
  EXPECT_EQ(root.cgroup.parent, 0U);
  EXPECT_EQ(root.parent_index, oom::Observation::no_parent);
  for (const std::size_t i : {2U, 3U}) {
    const auto seen = observe(i);
    EXPECT_EQ(seen.cgroup.generation, 0U) << seen.path;
    EXPECT_EQ(seen.total.oom_kill, 0U) << seen.path;
  }
}

TEST_F(KillObserverTest, KeepsWhatItReadAlsoWhereItCannotBeParsed) {
  tree_.refresh();
  observer_.begin_pass();
  for (const cgroup::Node* const node : tree_.nodes()) (void)observer_.observe(*node);
  texts_.finish();
  const auto texts = [&](std::size_t position) {
    std::vector<std::string> found;
    for (const auto& each : texts_.of(position)) found.emplace_back(each.text);
    return found;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts(0), Texts{});
  EXPECT_EQ(texts(1), (Texts{"oom_kill 3\n", "oom 1\noom_kill 2\n"}));
  EXPECT_EQ(texts(2), Texts{"oom_kill 1\n"});
  EXPECT_EQ(texts(3), (Texts{"oom_kill 1\n", "rubbish\n"}));
}

TEST_F(KillObserverTest, LocalEventsAreReadOnceMoreAfterAChangeAndThenKept) {
  tree_.refresh();
  (void)observe(1);
  files_.write("cgroup/a/memory.events.local", "oom_kill 1\n");
  EXPECT_EQ(observe(1).local.oom_kill, 1U)
      << "read once more, whatever the order of the writes was";
  EXPECT_EQ(observe(1).local.oom_kill, 1U);
  files_.write("cgroup/a/memory.events.local", "oom_kill 7\n");
  EXPECT_EQ(observe(1).local.oom_kill, 1U) << "kept";
  texts_.finish();
  ASSERT_EQ(texts_.of(0).size(), 2U);
  EXPECT_EQ(texts_.of(0)[1].text, "oom_kill 1\n") << "kept for the samples as well";
}

TEST_F(KillObserverTest, LocalEventsAreReadWhenTheTotalChanges) {
  tree_.refresh();
  for (int pass = 0; pass < 4; ++pass) (void)observe(1);
  files_.write("cgroup/a/memory.events.local", "oom_kill 3\n");
  files_.write("cgroup/a/memory.events", "oom_kill 4\n");
  EXPECT_EQ(observe(1).local.oom_kill, 3U);
  EXPECT_EQ(observer_.misses(), 0U);
}

TEST_F(KillObserverTest, ANewGenerationIsSeenThoughItCountsTheSame) {
  tree_.refresh();
  oom::Observation before;
  for (int pass = 0; pass < 4; ++pass) before = observe(1);
  // Made before the old ones are removed, so that no inode is used again.
  files_.write("cgroup/a/new", "oom_kill 3\n");
  files_.write("cgroup/a/new.local", "oom 1\noom_kill 2\n");
  std::filesystem::rename(files_.path("cgroup/a/new"), files_.path("cgroup/a/memory.events"));
  std::filesystem::rename(files_.path("cgroup/a/new.local"),
                          files_.path("cgroup/a/memory.events.local"));
  const auto after = observe(1);
  EXPECT_NE(after.cgroup.generation, before.cgroup.generation);
  EXPECT_EQ(after.local, before.local);
}

TEST_F(KillObserverTest, CountsLocalEventsThatChangedAloneWithinThirtyPasses) {
  tree_.refresh();
  for (int pass = 0; pass < 4; ++pass) (void)observe(1);
  files_.write("cgroup/a/memory.events.local", "oom_kill 3\n");
  oom::Observation seen;
  for (int pass = 0; pass < 32; ++pass) seen = observe(1);
  EXPECT_EQ(seen.local.oom_kill, 3U);
  EXPECT_EQ(observer_.misses(), 1U);
}

TEST_F(KillObserverTest, AnEventThatReachesTheTotalLaterIsNoMiss) {
  tree_.refresh();
  for (int pass = 0; pass < 3; ++pass) (void)observe(1);
  for (std::uint64_t kills = 4; kills < 60; ++kills) {
    files_.write("cgroup/a/memory.events.local", "oom_kill " + std::to_string(kills) + "\n");
    (void)observe(1);
    files_.write("cgroup/a/memory.events", "oom_kill " + std::to_string(kills) + "\n");
    EXPECT_EQ(observe(1).local.oom_kill, kills);
    for (int pass = 0; pass < static_cast<int>(kills % 7); ++pass) (void)observe(1);
  }
  EXPECT_EQ(observer_.misses(), 0U);
}

TEST_F(KillObserverTest, ForgetsACgroupThatAPassDidNotObserve) {
  tree_.refresh();
  for (int pass = 0; pass < 4; ++pass) (void)observe(1);
  (void)observe(2);
  files_.write("cgroup/a/memory.events.local", "oom_kill 3\n");
  EXPECT_EQ(observe(1).local.oom_kill, 3U);
}

}  // namespace
}  // namespace cgroup2::snapshot
