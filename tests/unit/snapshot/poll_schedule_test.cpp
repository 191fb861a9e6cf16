// SPDX-License-Identifier: Apache-2.0
#include "snapshot/poll_schedule.h"

#include <gtest/gtest.h>

namespace cgroup2::snapshot {
namespace {

using namespace std::chrono_literals;
using Step = PollSchedule::Step;

constexpr Timing timing{.interval = 15s, .min_interval = 1s, .max_wait = 5s, .timeout = 60s};

// Any moment: the schedule only sees distances.
constexpr base::TimePoint start{1000h};

constexpr base::TimePoint at(std::chrono::milliseconds since_start) { return start + since_start; }

// One whose first poll began at the start and ended at `end`.
PollSchedule polled(std::chrono::milliseconds end = 0ms, bool has_failed = false) {
  PollSchedule schedule(timing);
  if (!has_failed) schedule.note_answer(start);
  schedule.end_poll(start, at(end), has_failed);
  return schedule;
}

TEST(PollSchedule, BeginsWithAPoll) {
  EXPECT_EQ(PollSchedule(timing).next(start).step, Step::poll);
}

TEST(PollSchedule, SaysWhatToDoNext) {
  struct Scan {
    std::chrono::milliseconds begun, ended;
  };
  struct Row {
    const char* what;
    std::optional<Scan> scan;                         // after the poll, which ended at 0
    bool is_woken;                                    // then
    std::optional<std::chrono::milliseconds> wanted;  // a snapshot that began then
    std::chrono::milliseconds now;
    Step step;
    std::chrono::milliseconds until{};
  };
  const Row rows[] = {
      {"nothing until the tick", {}, false, {}, 0ms, Step::wait, 15s},
      {"the tick is near", {}, false, {}, 14'999ms, Step::wait, 15s},
      {"the tick", {}, false, {}, 15s, Step::scan},
      {"long after the tick", {}, false, {}, 1h, Step::scan},
      {"the next tick counts from the end of a scan",
       {{15s, 16s}},
       false,
       {},
       16s,
       Step::wait,
       31s},
      {"a wake before the first scan", {}, true, {}, 0ms, Step::scan},
      {"a wake right after a short scan", {{1s, 1s}}, true, {}, 1s, Step::wait, 1'200ms},
      {"a fifth of a second after a short scan", {{1s, 1s}}, true, {}, 1'200ms, Step::scan},
      {"a wake after a scan of 10 ms", {{990ms, 1s}}, true, {}, 1s, Step::wait, 1'200ms},
      {"a wake after a scan of 30 ms", {{970ms, 1s}}, true, {}, 1s, Step::wait, 1'600ms},
      {"its rest is over", {{970ms, 1s}}, true, {}, 1'600ms, Step::scan},
      {"a scan that took so long that the tick comes first",
       {{0ms, 1s}},
       true,
       {},
       1s,
       Step::wait,
       16s},
      {"the tick after it", {{0ms, 1s}}, true, {}, 16s, Step::scan},
      {"without a wake a rest means nothing", {{1s, 1s}}, false, {}, 1'200ms, Step::wait, 16s},
      {"somebody wants a snapshot", {}, false, 1ms, 1ms, Step::poll},
      {"one that is newer than the last, though it began before now",
       {},
       false,
       1ms,
       10s,
       Step::poll},
      {"a poll goes before a scan", {}, true, 1ms, 15s, Step::poll},
      {"a poll rests for no scan", {{970ms, 1s}}, true, 1s, 1s, Step::poll},
  };
  for (const Row& row : rows) {
    PollSchedule schedule = polled();
    if (row.scan) {
      schedule.begin_scan();
      schedule.end_scan(at(row.scan->begun), at(row.scan->ended));
    }
    if (row.is_woken) schedule.wake();
    if (row.wanted) schedule.want(at(*row.wanted));
    const auto next = schedule.next(at(row.now));
    EXPECT_EQ(next.step, row.step) << row.what;
    if (row.step != Step::wait) continue;
    EXPECT_EQ(next.until - start, row.until) << row.what;
  }
}

TEST(PollSchedule, ServesAllWakesBeforeAScanByIt) {
  PollSchedule schedule = polled();
  schedule.wake();
  schedule.wake();
  schedule.begin_scan();
  schedule.end_scan(at(0ms), at(0ms));
  EXPECT_EQ(schedule.next(at(14s)).step, Step::wait);
}

TEST(PollSchedule, ScansForAWakeThatCameDuringAScanOrAPoll) {
  PollSchedule schedule = polled();
  schedule.begin_scan();
  schedule.wake();
  schedule.end_scan(at(0ms), at(0ms));
  EXPECT_EQ(schedule.next(at(200ms)).step, Step::scan);
  schedule.end_poll(at(0ms), at(200ms), false);
  EXPECT_EQ(schedule.next(at(200ms)).step, Step::scan);
}

TEST(PollSchedule, PollsForThoseWhomAPollDidNotServe) {
  struct Row {
    const char* what;
    bool is_first, has_failed;
    std::chrono::milliseconds wanted;  // the poll began at 100 ms and ended at 200 ms
    Step step;
  };
  const Row rows[] = {
      {"asked before it began", false, false, 50ms, Step::wait},
      {"is served by the moment at which it began", false, false, 100ms, Step::wait},
      {"asked while it ran", false, false, 101ms, Step::poll},
      {"it failed: not tried again for those who asked before", false, true, 50ms, Step::wait},
      {"it failed: those who asked while it ran", false, true, 101ms, Step::poll},
      {"the first one serves too", true, false, 50ms, Step::wait},
      {"the first one failed, and nobody had asked for it", true, true, 50ms, Step::poll},
  };
  for (const Row& row : rows) {
    PollSchedule schedule = row.is_first ? PollSchedule(timing) : polled();
    schedule.want(at(row.wanted));
    schedule.end_poll(at(100ms), at(200ms), row.has_failed);
    EXPECT_EQ(schedule.next(at(200ms)).step, row.step) << row.what;
  }
}

TEST(PollSchedule, PollsForTheOneWhoWantsTheNewest) {
  PollSchedule schedule = polled();
  schedule.want(at(300ms));
  schedule.want(at(100ms));
  schedule.end_poll(at(200ms), at(250ms), false);
  EXPECT_EQ(schedule.next(at(250ms)).step, Step::poll);
}

TEST(PollSchedule, GoesOnAfterAFirstPollThatFailed) {
  EXPECT_EQ(polled(1s, true).next(at(1s)), (PollSchedule::Next{Step::wait, at(16s)}));
}

TEST(PollSchedule, TakesAnotherTiming) {
  PollSchedule schedule = polled();
  schedule.set_timing({.interval = 1s, .min_interval = 2s, .max_wait = 3s, .timeout = 4s});
  EXPECT_EQ(schedule.next(start).until, at(1s));
  EXPECT_EQ(schedule.oldest_fresh(at(5s)), at(3s));
  EXPECT_EQ(schedule.end_of_wait(start, {}), at(3s));
  EXPECT_FALSE(schedule.may_be_given(start, at(4'001ms)));
}

TEST(PollSchedule, BoundsTheAgeOfWhatAScrapeGets) {
  const PollSchedule schedule(timing);
  EXPECT_EQ(schedule.oldest_fresh(at(3s)), at(2s));
  EXPECT_TRUE(schedule.may_be_given(start, at(60s)));
  EXPECT_FALSE(schedule.may_be_given(start, at(60'001ms)));
}

TEST(PollSchedule, LetsAScrapeWaitAsLongAsBothAllow) {
  const PollSchedule schedule(timing);
  EXPECT_EQ(schedule.end_of_wait(start, {}), at(5s));
  EXPECT_EQ(schedule.end_of_wait(start, 2s), at(2s));
  EXPECT_EQ(schedule.end_of_wait(start, 10s), at(5s));
}

TEST(PollSchedule, IsAnsweredForAnIntervalAndATimeout) {
  EXPECT_FALSE(PollSchedule(timing).is_answered(start));
  EXPECT_FALSE(polled(0ms, true).is_answered(start)) << "a poll that failed is no answer";
  PollSchedule schedule = polled(50s);
  EXPECT_TRUE(schedule.is_answered(at(75s)));
  EXPECT_FALSE(schedule.is_answered(at(75'001ms))) << "it counts from the begin of the poll";
  schedule.note_answer(at(70s));
  EXPECT_TRUE(schedule.is_answered(at(145s)));
}

}  // namespace
}  // namespace cgroup2::snapshot
