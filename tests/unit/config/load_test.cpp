// SPDX-License-Identifier: Apache-2.0
#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/tree.h"

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

Loaded load_words(const std::vector<std::string>& words) {
  std::vector<const char*> argv{"cgroup2_exporter"};
  for (const auto& word : words) argv.push_back(word.c_str());
  const auto line = parse_command_line(static_cast<int>(argv.size()), argv.data());
  EXPECT_THAT(line.problems, IsEmpty());
  return load(line);
}

TEST(Load, ReportsFlagsByTheirName) {
  EXPECT_THAT(
      load_words(
          {"--log.level=loud", "--poll.interval=5", "--collector.io=no", "--web.listen-address=x"})
          .problems,
      ElementsAre(
          "--web.listen-address: \"x\" is not an address like :9306, 127.0.0.1:9306 or [::1]:9306",
          "--poll.interval: \"5\" is not a duration like 15s, 500ms or 1m30s",
          "--log.level: \"loud\" is not one of debug, info, warn, error",
          "--collector.io: \"no\" is not one of true, false"));
}

TEST(Load, ReportsFileAndFlagsTogether) {
  const test::Tree tree{{"f", "log: {level: loud}\n"}};
  EXPECT_THAT(load_words({"--config.file=" + tree.path("f"), "--log.level=quiet"}).problems,
              ElementsAre(tree.path("f") +
                              ":1:14: log.level: \"loud\" is not one of debug, info, warn, error",
                          "--log.level: \"quiet\" is not one of debug, info, warn, error"));
  EXPECT_THAT(load_words({"--config.file=" + tree.path("g"), "--log.level=quiet"}).problems,
              ElementsAre(tree.path("g") + ": No such file or directory",
                          "--log.level: \"quiet\" is not one of debug, info, warn, error"));
}

TEST(Load, ChecksDurationsAgainstEachOther) {
  const std::pair<std::vector<std::string>, const char*> rows[] = {
      {{"--poll.min-interval=20s"}, "--poll.min-interval: 20s is longer than poll.interval (15s)"},
      {{"--poll.interval=500ms"}, "--poll.interval: 500ms is shorter than poll.min_interval (1s)"},
      {{"--poll.interval=2s", "--poll.min-interval=3s"},
       "--poll.min-interval: 3s is longer than poll.interval (2s)"},
      {{"--poll.max-wait=2m"}, "--poll.max-wait: 2m is longer than poll.timeout (1m)"},
      {{"--poll.timeout=4s"}, "--poll.timeout: 4s is shorter than poll.max_wait (5s)"},
      {{"--poll.timeout=999ms", "--poll.max-wait=0"},
       "--poll.timeout: 999ms is shorter than poll.min_interval (1s)"},
      // Only the one that is wrong by itself: nobody knows what it should have been.
      {{"--poll.interval=x", "--poll.min-interval=20s"},
       "--poll.interval: \"x\" is not a duration like 15s, 500ms or 1m30s"},
      {{"--poll.interval=500ms", "--poll.min-interval=x"},
       "--poll.min-interval: \"x\" is not a duration like 15s, 500ms or 1m30s"},
  };
  for (const auto& [words, problem] : rows)
    EXPECT_THAT(load_words(words).problems, ElementsAre(problem));
  EXPECT_THAT(load_words({"--poll.interval=1s", "--poll.max-wait=1m"}).problems, IsEmpty());
}

TEST(Load, ChecksAFlagAgainstTheFile) {
  const test::Tree tree{{"f", "poll:\n  min_interval: 10s\n"}};
  const auto file = "--config.file=" + tree.path("f");
  EXPECT_THAT(load_words({file}).problems, IsEmpty());
  EXPECT_THAT(load_words({file, "--poll.interval=5s"}).problems,
              ElementsAre(tree.path("f") +
                          ":2:17: poll.min_interval: 10s is longer than poll.interval (5s)"));
  EXPECT_THAT(load_words({file, "--poll.interval=5s", "--poll.min-interval=2s"}).problems,
              IsEmpty());
}

TEST(Load, GivesTheDefaultsWithoutFlagsAndFile) {
  const auto loaded = load_words({});
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config, Config{});
}

TEST(Load, LetsFlagsWinOverTheFileAndTheFileOverTheDefaults) {
  const test::Tree tree{
      {"f",
       "web: {listen_address: [':1', ':2'], enable_lifecycle: true, max_requests: 5}\n"
       "log: {level: warn, format: json}\n"
       "cgroup: {exclude: /a}\n"
       "collectors: {io: false, cpu: false, rdma: true}\n"}};
  Config expected;
  expected.web.listen_addresses = {":4", ":3"};
  expected.web.max_requests = 5;
  expected.log = {base::LogLevel::debug, LogFormat::json};
  for (const char* name : {"cpu", "pids"}) expected.collectors.erase(name);
  for (const char* name : {"rdma", "memory_numa"}) expected.collectors.insert(name);
  const auto loaded = load_words(
      {"--web.listen-address=:4", "--web.listen-address=:3", "--log.level=error",
       "--log.level=debug", "--no-web.enable-lifecycle", "--cgroup.exclude=", "--collector.io",
       "--no-collector.pids", "--collector.memory_numa", "--config.file=" + tree.path("f")});
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config, expected);
}

TEST(Load, ReadsTheFileAnewEachTime) {
  const test::Tree tree{{"f", "poll: {interval: 2s}\n"}};
  const std::string file = "--config.file=" + tree.path("f");
  const std::vector<const char*> argv{"cgroup2_exporter", file.c_str(), "--log.level=warn"};
  const auto line = parse_command_line(static_cast<int>(argv.size()), argv.data());
  EXPECT_EQ(load(line).config.poll.interval, 2s);
  tree.write("f", "poll: {interval: 3s}\n");
  EXPECT_EQ(load(line).config.poll.interval, 3s);
  EXPECT_EQ(load(line).config.log.level, base::LogLevel::warn);
}

}  // namespace
}  // namespace cgroup2::config
