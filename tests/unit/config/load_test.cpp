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
       "collectors: {set: standard, io: false, cpu: false, rdma: true}\n"}};
  Config expected;
  expected.web.listen_addresses = {{"", 4}, {"", 3}};
  expected.web.max_requests = 5;
  expected.log = {base::LogLevel::debug, LogFormat::json};
  expected.collectors.set = SeriesSet::full;
  expected.collectors.switched = {
      {"cpu", false}, {"pids", false}, {"io", true}, {"rdma", true}, {"memory_numa", true}};
  const auto loaded = load_words(
      {"--web.listen-address=:4", "--web.listen-address=:3", "--log.level=error",
       "--log.level=debug", "--no-web.enable-lifecycle", "--cgroup.exclude=", "--collector.io",
       "--no-collector.pids", "--collector.memory_numa", "--collectors=full",
       "--config.file=" + tree.path("f")});
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
