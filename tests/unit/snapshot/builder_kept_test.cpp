// SPDX-License-Identifier: Apache-2.0
// What a poll keeps of the last one, with a real watcher.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>

#include "snapshot/builder.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

class BuilderKeptTest : public testing::Test {
 protected:
  void start(bool is_watching = true) {
    Settings settings;
    settings.selection.enabled.set();
    settings.filter = [](std::string_view) { return true; };
    oom::TrackerSettings tracker;
    tracker.is_watching = is_watching;
    builder.emplace(Roots{*base::Dir::open(files.path("cgroup")),
                          *base::Dir::open(files.path("proc")), base::Dir(), base::Dir()},
                    std::move(settings), std::move(tracker), log);
    builder->start([] {});
    do {
      (void)builder->build();
    } while (is_watching && builder->build()->tracker.watch.watched < 3);
    (void)builder->build();
  }
  // Of the cgroup "/a/b".
  std::uint64_t limit() {
    snapshot = builder->build();
    const auto& column =
        snapshot->samples.columns[catalog::metric_index("cgroup_memory_limit_bytes")];
    const auto found = std::ranges::find(column, cgroup::CgroupIndex{2}, &cgroup::Sample::cgroup);
    return found == column.end() ? 0 : found->bits;
  }
  // Changes a file as no write(2) does.
  void replace(const std::string& file, const std::string& content) const {
    files.write("new", content);
    std::filesystem::rename(files.path("new"), files.path(file));
  }
  std::uint64_t misses() const {
    return snapshot->cold_file_misses[catalog::file_index("memory.max")];
  }

  test::Tree files{{"proc/meminfo", "MemTotal: 1024 kB\n"},
                   {"proc/vmstat", "oom_kill 0\n"},
                   {"cgroup/cgroup.controllers", "memory\n"},
                   {"cgroup/a/cgroup.subtree_control", "memory\n"},
                   {"cgroup/a/b/memory.events", "oom_kill 0\n"},
                   {"cgroup/a/b/memory.events.local", "oom_kill 0\n"},
                   {"cgroup/a/b/memory.max", "100\n"}};
  test::RecordingLog log;
  std::shared_ptr<const Snapshot> snapshot;
  std::optional<Builder> builder;
};

TEST_F(BuilderKeptTest, AWriteIsShownByTheNextPoll) {
  start();
  EXPECT_EQ(limit(), 100U);
  for (const std::uint64_t bytes : {200U, 300U, 400U}) {
    files.write("cgroup/a/b/memory.max", std::to_string(bytes) + "\n");
    EXPECT_EQ(limit(), bytes);
    EXPECT_EQ(limit(), bytes);
  }
  EXPECT_EQ(misses(), 0U);
}

TEST_F(BuilderKeptTest, AWriteBeforeAScanIsShownByTheNextPoll) {
  start();
  files.write("cgroup/a/b/memory.max", "200\n");
  (void)builder->scan();
  EXPECT_EQ(limit(), 200U);
}

TEST_F(BuilderKeptTest, AWriteInTheParentMakesTheFilesOfTheChildrenBeRead) {
  start();
  replace("cgroup/a/b/memory.max", "200\n");
  EXPECT_EQ(limit(), 100U) << "of which nothing tells";
  files.write("cgroup/a/cgroup.subtree_control", "memory pids\n");
  EXPECT_EQ(limit(), 200U);
}

TEST_F(BuilderKeptTest, WhatNothingToldIsFoundWithinTwentyPollsAndLoggedOnce) {
  start();
  for (const std::uint64_t bytes : {200U, 300U}) {
    replace("cgroup/a/b/memory.max", std::to_string(bytes) + "\n");
    (void)limit();
    const auto before = misses();
    for (int polls = 0; polls < 22; ++polls) (void)limit();
    EXPECT_EQ(limit(), bytes);
    EXPECT_EQ(misses(), before + 1);
  }
  EXPECT_EQ(std::ranges::count_if(
                log.lines(),
                [](const auto& line) { return line.text.find("memory.max") != std::string::npos; }),
            1);
}

TEST_F(BuilderKeptTest, WithoutAWatcherEachPollReadsAll) {
  start(false);
  replace("cgroup/a/b/memory.max", "200\n");
  EXPECT_EQ(limit(), 200U);
}

TEST_F(BuilderKeptTest, WithoutTheCollectorOomEachPollReadsAll) {
  start();
  Settings settings;
  settings.selection.enabled.set();
  settings.selection.enabled.reset(index(catalog::Collector::oom));
  settings.filter = [](std::string_view) { return true; };
  builder->apply(std::move(settings));
  EXPECT_EQ(limit(), 100U);
  replace("cgroup/a/b/memory.max", "200\n");
  EXPECT_EQ(limit(), 200U);
}

}  // namespace
}  // namespace cgroup2::snapshot
