// SPDX-License-Identifier: Apache-2.0
#include "config/draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

const Option& option(const std::string& name) {
  static const auto table = options();
  for (const auto& row : table) {
    if (row.name == name) return row;
  }
  throw std::out_of_range(name);
}

// Assigns as the command line does.
using Settings = std::vector<std::pair<std::string, std::string>>;
void assign(Draft& draft, const Settings& settings) {
  for (const auto& [name, text] : settings) draft.assign(option(name), text, "--" + name);
}

std::vector<std::string> problems_of(const Settings& settings) {
  Draft draft;
  assign(draft, settings);
  return draft.finish().problems;
}

TEST(Draft, NotesAProblemWithItsPlace) {
  EXPECT_THAT(problems_of({{"log.level", "loud"}, {"poll.interval", "5"}}),
              ElementsAre("--log.level: \"loud\" is not one of debug, info, warn, error",
                          "--poll.interval: \"5\" is not a duration like 15s, 500ms or 1m30s"));
}

TEST(Draft, OnlyCountsProblemsBeyondAHundred) {
  for (const int count : {100, 101, 250}) {
    Draft draft;
    for (int i = 0; i < count; ++i) draft.problems().report("f:" + std::to_string(i), "is wrong");
    const auto problems = draft.finish().problems;
    EXPECT_EQ(problems.front(), "f:0: is wrong");
    EXPECT_EQ(problems[99], "f:99: is wrong");
    if (count == 100) {
      EXPECT_THAT(problems, SizeIs(100));
    } else {
      ASSERT_THAT(problems, SizeIs(101));
      EXPECT_EQ(problems.back(), "and " + std::to_string(count - 100) + " more problems");
    }
  }
}

TEST(Draft, KeepsTheDefaultOfWhatIsWrong) {
  Draft draft;
  assign(draft, {{"poll.interval", "x"}, {"web.max-requests", "251"}});
  EXPECT_EQ(draft.finish().config, Config{});
}

TEST(Draft, ChecksDurationsAgainstEachOther) {
  const std::pair<Settings, const char*> rows[] = {
      {{{"poll.min-interval", "20s"}},
       "--poll.min-interval: 20s is longer than poll.interval (15s)"},
      {{{"poll.interval", "500ms"}},
       "--poll.interval: 500ms is shorter than poll.min_interval (1s)"},
      {{{"poll.interval", "2s"}, {"poll.min-interval", "3s"}},
       "--poll.min-interval: 3s is longer than poll.interval (2s)"},
      {{{"poll.max-wait", "2m"}}, "--poll.max-wait: 2m is longer than poll.timeout (1m)"},
      {{{"poll.timeout", "4s"}}, "--poll.timeout: 4s is shorter than poll.max_wait (5s)"},
      {{{"poll.timeout", "999ms"}, {"poll.max-wait", "0"}},
       "--poll.timeout: 999ms is shorter than poll.min_interval (1s)"},
  };
  for (const auto& [settings, problem] : rows)
    EXPECT_THAT(problems_of(settings), ElementsAre(problem));
  EXPECT_THAT(problems_of({{"poll.interval", "1s"}, {"poll.max-wait", "1m"}}), IsEmpty())
      << "equal ones are right";
}

TEST(Draft, NotesEachPairOfDurationsThatDoesNotFit) {
  EXPECT_THAT(problems_of({{"poll.min-interval", "2m"}}),
              ElementsAre("--poll.min-interval: 2m is longer than poll.interval (15s)",
                          "--poll.min-interval: 2m is longer than poll.timeout (1m)"));
}

// Nobody knows what it should have been.
TEST(Draft, DoesNotCompareADurationThatIsWrongByItself) {
  const char* x = "\"x\" is not a duration like 15s, 500ms or 1m30s";
  EXPECT_THAT(problems_of({{"poll.interval", "x"}, {"poll.min-interval", "20s"}}),
              ElementsAre(std::string("--poll.interval: ") + x));
  EXPECT_THAT(problems_of({{"poll.interval", "500ms"}, {"poll.min-interval", "x"}}),
              ElementsAre(std::string("--poll.min-interval: ") + x));
}

TEST(Draft, BlamesTheLastPlaceThatSetADuration) {
  Draft draft;
  draft.assign(option("poll.min-interval"), "20s", "f:2:3: poll.min_interval");
  draft.assign(option("poll.min-interval"), "30s", "--poll.min-interval");
  EXPECT_THAT(draft.finish().problems,
              ElementsAre("--poll.min-interval: 30s is longer than poll.interval (15s)"));
}

TEST(Draft, ComparesADurationThatWasSetRightAfterItWasWrong) {
  EXPECT_THAT(problems_of({{"poll.interval", "x"}, {"poll.interval", "500ms"}}),
              ElementsAre("--poll.interval: \"x\" is not a duration like 15s, 500ms or 1m30s",
                          "--poll.interval: 500ms is shorter than poll.min_interval (1s)"));
}

TEST(Draft, LetsTheLastAssignmentWin) {
  Draft draft;
  assign(draft, {{"poll.interval", "20s"}, {"poll.interval", "30s"}, {"log.level", "warn"}});
  const auto loaded = draft.finish();
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.poll.interval, 30s);
  EXPECT_EQ(loaded.config.log.level, base::LogLevel::warn);
}

TEST(Draft, ReplacesAListOnceItIsCleared) {
  Draft draft;
  assign(draft, {{"web.listen-address", ":1"}});
  draft.clear(option("web.listen-address"));
  assign(draft, {{"web.listen-address", ":2"}, {"web.listen-address", ":3"}});
  EXPECT_THAT(draft.finish().config.web.listen_addresses,
              ElementsAre(base::Address{"", 2}, base::Address{"", 3}));
}

TEST(Draft, StartsFromTheDefaults) {
  const auto loaded = Draft().finish();
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config, Config{});
}

}  // namespace
}  // namespace cgroup2::config
