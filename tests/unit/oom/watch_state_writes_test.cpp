// SPDX-License-Identifier: Apache-2.0
// What a report says of writes to the files of the cgroups.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "oom/watch_state.h"

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;
using Since = std::vector<std::uint64_t>;

// The root and "/a", which is cgroup 2 with watch 2. Nobody has a memory.events.local.
class WatchStateWritesTest : public testing::Test {
 protected:
  Since report() {
    auto report = state_.report(all_, now_, now_, [] {});
    EXPECT_EQ(report.number, ++reports_);
    return std::move(report.unwritten_since);
  }
  // Adds what was asked for to the watched cgroups.
  void open(std::uint64_t generation = 0) {
    for (auto& request : state_.take_requests()) {
      OpenedCgroup cgroup;
      cgroup.watched.cgroup = {request.id, request.pending->parent, generation};
      cgroup.watched.path = request.path;
      cgroup.watched.watch = static_cast<int>(request.id);
      state_.on_opened({std::move(request), std::move(cgroup), {}}, now_);
    }
  }
  // Two reports later both are watched, since report 2.
  void watch_all() {
    EXPECT_EQ(report(), (Since{never, never}));
    open();
    EXPECT_EQ(report(), (Since{2, 2}));
  }
  void event(int watch, std::uint32_t mask, std::string_view name) {
    state_.on_event({watch, mask, name}, now_);
  }

  base::TimePoint now_{1h};
  std::uint64_t reports_ = 0;
  std::vector<Observation> all_{{.cgroup = {1, 0, 0}, .path = "/"},
                                {.cgroup = {2, 1, 0}, .path = "/a"}};
  WatchState state_{{100, subtree_of_all}, [](Watched&) { return true; }, now_};
};

TEST_F(WatchStateWritesTest, NothingIsWrittenSinceTheReportAfterTheWatchBegan) {
  watch_all();
  EXPECT_EQ(report(), (Since{2, 2}));
  EXPECT_EQ(report(), (Since{2, 2}));
}

TEST_F(WatchStateWritesTest, AWriteCountsUntilTheReportThatFollowsIt) {
  watch_all();
  event(2, IN_MODIFY, "memory.max");
  EXPECT_EQ(report(), (Since{2, 3})) << "what is read after report 3 is new";
  EXPECT_EQ(report(), (Since{2, 3}));
  event(1, IN_MODIFY, "cgroup.subtree_control");
  event(2, IN_MODIFY, "cpuset.cpus.partition");
  EXPECT_EQ(report(), (Since{5, 5}));
}

TEST_F(WatchStateWritesTest, EventsOfTheKernelAndProcessesThatMoveAreNoWrites) {
  watch_all();
  for (const char* const name : {"memory.events", "memory.events.local", "cgroup.events",
                                 "hugetlb.2MB.events", "cgroup.procs", "cgroup.threads"}) {
    event(2, IN_MODIFY, name);
  }
  event(2, IN_CREATE | IN_ISDIR, "child");
  EXPECT_EQ(report(), (Since{2, 2}));
}

TEST_F(WatchStateWritesTest, AnOverflowMayHaveHiddenAWriteToAnyFile) {
  watch_all();
  event(-1, IN_Q_OVERFLOW, "");
  EXPECT_EQ(report(), (Since{3, 3}));
  EXPECT_EQ(report(), (Since{3, 3}));
}

TEST_F(WatchStateWritesTest, EventsThatAreStillInTheQueueMayTellOfAWriteToAnyFile) {
  watch_all();
  state_.on_gap();
  EXPECT_EQ(report(), (Since{3, 3}));
}

TEST_F(WatchStateWritesTest, AWatchThatTheKernelEndedTellsNothingAnyMore) {
  watch_all();
  event(2, IN_IGNORED, "");
  event(2, IN_MODIFY, "memory.max");
  EXPECT_EQ(report(), (Since{2, never}));
}

TEST_F(WatchStateWritesTest, ACgroupThatIsOpenedAgainCountsAsWritten) {
  watch_all();
  all_[1].cgroup.generation = 7;
  EXPECT_EQ(report(), (Since{2, 2}));
  open(7);
  EXPECT_EQ(report(), (Since{2, 4}));
}

TEST_F(WatchStateWritesTest, OfACgroupThatIsNotWatchedNothingIsKnown) {
  state_.set_max_count(1);
  (void)report();
  open();
  EXPECT_EQ(report(), (Since{2, never}));
}

}  // namespace
}  // namespace cgroup2::oom
