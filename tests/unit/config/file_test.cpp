// SPDX-License-Identifier: Apache-2.0
#include "config/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/tree.h"

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

Loaded load_file(const std::string& path) {
  Draft draft;
  apply_file(path, options(), draft);
  return draft.finish();
}

// Problems without the file's path in front.
std::vector<std::string> problems_of(const std::string& text) {
  const test::Tree tree{{"f", text}};
  auto problems = load_file(tree.path("f")).problems;
  for (auto& problem : problems) {
    if (problem.starts_with(tree.path("f"))) problem.erase(0, tree.path("f").size());
  }
  return problems;
}

Config config_of(const std::string& text) {
  const test::Tree tree{{"f", text}};
  auto loaded = load_file(tree.path("f"));
  EXPECT_THAT(loaded.problems, IsEmpty());
  return std::move(loaded.config);
}

TEST(File, SaysWhyItCannotBeRead) {
  const test::Tree tree{{"directory/", ""}};
  ASSERT_EQ(::mkfifo(tree.path("fifo").c_str(), 0600), 0);
  tree.link("loop", "loop");
  const std::pair<std::string, const char*> rows[] = {
      {tree.path("missing"), "No such file or directory"},
      {tree.path("missing/f"), "No such file or directory"},
      {tree.path("directory"), "Is a directory"},
      {tree.path("loop"), "Too many levels of symbolic links"},
      {tree.path("fifo"), "not a regular file"},
      {"/dev/zero", "not a regular file"},
  };
  for (const auto& [path, problem] : rows) {
    EXPECT_THAT(load_file(path).problems, ElementsAre(path + ": " + problem));
  }
}

TEST(File, IsRefusedBeyondOneMebibyte) {
  constexpr std::size_t limit = std::size_t{1} << 20;
  EXPECT_THAT(problems_of(std::string(limit + 1, '\n')), ElementsAre(": larger than 1 MiB"));
  EXPECT_THAT(problems_of(std::string(limit, '\n')), IsEmpty());
}

TEST(File, SaysWhereEachKindOfProblemIs) {
  const std::pair<const char*, const char*> rows[] = {
      {"polls: 1\n", ":1:1: unknown key \"polls\", did you mean \"poll\"?"},
      {"disk: 1\n", ":1:1: unknown key \"disk\""},
      {"poll:\n  intervl: 1s\n",
       ":2:3: unknown key \"poll.intervl\", did you mean \"poll.interval\"?"},
      {"web: {listen-address: []}\n",
       ":1:7: unknown key \"web.listen-address\", did you mean \"web.listen_address\"?"},
      {"collectors: {memroy: true}\n",
       ":1:14: unknown key \"collectors.memroy\", did you mean \"collectors.memory\"?"},
      {"collectors: {set: all}\n",
       ":1:19: collectors.set: \"all\" is not one of lean, standard, full"},
      {"collectors: lean\n", ":1:13: collectors: must be a map, but is a single value"},
      {"poll.interval: 1s\n", ":1:1: unknown key \"poll.interval\""},
      {"'': 1\n", ":1:1: unknown key \"\""},
      {"<<: {poll: 1}\n", ":1:1: unknown key \"<<\""},
      {"\"a\\e\": 1\n", ":1:1: unknown key \"a%1B\""},
      {"log:\nlog:\n", ":2:1: duplicate key \"log\", first in line 1"},
      {"log:\n  level: info\n  level: warn\n",
       ":3:3: duplicate key \"log.level\", first in line 2"},
      {"[a]: 1\n", ":1:1: a key must be a word, but is a list"},
      {"? {a: b}\n: 1\n", ":1:3: a key must be a word, but is a map"},
      {"~: 1\n", ":1:1: a key must be a word, but is nothing"},
      {"text\n", ":1:1: must be a map, but is a single value"},
      {"- poll\n", ":1:1: must be a map, but is a list"},
      {"poll: 1s\n", ":1:7: poll: must be a map, but is a single value"},
      {"poll: [1s]\n", ":1:7: poll: must be a map, but is a list"},
      {"poll: {interval: }\n", ":1:8: poll.interval: must be a single value, but is nothing"},
      {"poll: {interval: null}\n", ":1:8: poll.interval: must be a single value, but is nothing"},
      {"poll: {interval: [1s]}\n", ":1:18: poll.interval: must be a single value, but is a list"},
      {"poll: {interval: {a: 1}}\n", ":1:18: poll.interval: must be a single value, but is a map"},
      {"web: {listen_address: ':1'}\n",
       ":1:23: web.listen_address: must be a list, but is a single value"},
      {"web: {listen_address: }\n", ":1:7: web.listen_address: must be a list, but is nothing"},
      {"web: {listen_address: []}\n", ":1:23: web.listen_address: must not be empty"},
      {"web: {listen_address: [[':1']]}\n",
       ":1:24: web.listen_address: must be a single value, but is a list"},
      {"web: {listen_address: [':1', ':1']}\n", ":1:30: web.listen_address: \":1\" is given twice"},
      {"web:\n  listen_address:\n    - :1\n    - x\n",
       ":4:7: web.listen_address: \"x\" is not an address like :9306, 127.0.0.1:9306 or "
       "[::1]:9306"},
      {"poll: {interval: 5}\n",
       ":1:18: poll.interval: \"5\" is not a duration like 15s, 500ms or 1m30s"},
      {"web: {max_requests: -1}\n", ":1:21: web.max_requests: \"-1\" is not a whole number"},
      {"web: {enable_lifecycle: yes}\n",
       ":1:25: web.enable_lifecycle: \"yes\" is not one of true, false"},
      {"web: {telemetry_path: /-/ready}\n",
       ":1:23: web.telemetry_path: \"/-/ready\" is taken by the exporter's own pages"},
      {"path: {procfs: ''}\n", ":1:16: path.procfs: must not be empty"},
      {"log: {level: loud}\n", ":1:14: log.level: \"loud\" is not one of debug, info, warn, error"},
      {"cgroup: {include: '('}\n",
       ":1:19: cgroup.include: \"(\" is not a regular expression: missing ): ("},
      {"cgroup:\n  include: |\n    .*\n", ":2:12: cgroup.include: must not contain a newline"},
      {"a: 1\n  b: 2\n", ":2:4: illegal map value"},
      {"log:\n---\nlog:\n", ":2:1: more than one document"},
  };
  for (const auto& [text, problem] : rows)
    EXPECT_THAT(problems_of(text), ElementsAre(problem)) << text;
}

TEST(File, ReportsAllProblemsAtOnceInTheirOrder) {
  EXPECT_THAT(
      problems_of("web:\n"
                  "  max_requests: many\n"
                  "  colour: red\n"
                  "poll: []\n"
                  "log: {level: loud, level: info}\n"
                  "collectors: {cpu: on}\n"),
      ElementsAre(":2:17: web.max_requests: \"many\" is not a whole number",
                  ":3:3: unknown key \"web.colour\"", ":4:7: poll: must be a map, but is a list",
                  ":5:14: log.level: \"loud\" is not one of debug, info, warn, error",
                  ":5:20: duplicate key \"log.level\", first in line 5",
                  ":6:19: collectors.cpu: \"on\" is not one of true, false"));
}

TEST(File, ReportsAHundredProblemsAndCountsTheOthers) {
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 103; ++i) {
    text += "key_" + std::to_string(i) + ": 1\n";
    if (i < 100) {
      expected.push_back(':' + std::to_string(i + 1) + ":1: unknown key \"key_" +
                         std::to_string(i) + '"');
    }
  }
  expected.emplace_back("and 3 more problems");
  EXPECT_THAT(problems_of(text), ElementsAreArray(expected));
}

TEST(File, MayLeaveOutEverything) {
  for (const auto* text : {"", "# nothing\n", "---\n", "{}\n", "poll:\nweb: {}\ncollectors: ~\n"}) {
    EXPECT_EQ(config_of(text), Config{}) << text;
  }
}

TEST(File, SetsEveryMember) {
  using namespace std::chrono_literals;
  Config expected;
  expected.web = {{{"127.0.0.1", 1}, {"::1", 2}}, "/m", 5, 7, true};
  expected.web.health_listen_address = {"127.0.0.1", 3};
  expected.web.systemd_socket = true;
  expected.path = {"/a", "/b", "/c"};
  expected.poll = {1min, 1500ms, 0ms, 2h};
  expected.cgroup = {"/a.*", "/b|/c", 7};
  expected.collectors = {
      SeriesSet::standard,
      {{"io", false}, {"pressure", false}, {"cpu", true}, {"memory_numa", true}}};
  expected.memory.stat_keys = "anon|file";
  expected.log = {base::LogLevel::error, LogFormat::json};
  EXPECT_EQ(config_of("web:\n"
                      "  listen_address: ['127.0.0.1:1', '[::1]:2']\n"
                      "  telemetry_path: \"/m\"\n"
                      "  health_listen_address: 127.0.0.1:3\n"
                      "  systemd_socket: true\n"
                      "  max_requests: 5\n"
                      "  max_connections_per_address: 7\n"
                      "  enable_lifecycle: true\n"
                      "path: {cgroupfs: /a, procfs: /b, sysfs: /c}\n"
                      "poll: {interval: 1m, min_interval: 1s500ms, max_wait: 0, timeout: 2h}\n"
                      "cgroup:\n"
                      "  include: /a.*\n"
                      "  exclude: >-\n"
                      "    /b|/c\n"
                      "  max_count: 7\n"
                      "log: {level: error, format: json}\n"
                      "memory: {stat_keys: anon|file}\n"
                      "collectors: {set: standard, io: false, pressure: false, cpu: true,\n"
                      "             memory_numa: true}\n"),
            expected);
}

TEST(File, MayBeALinkAsInAConfigMap) {
  const test::Tree tree{{"..1/f", "log: {level: warn}\n"}};
  tree.link("..data", "..1");
  tree.link("f", "..data/f");
  const auto loaded = load_file(tree.path("f"));
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.log.level, base::LogLevel::warn);
}

}  // namespace
}  // namespace cgroup2::config
