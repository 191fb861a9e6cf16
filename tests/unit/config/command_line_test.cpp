// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Action = CommandLine::Action;

CommandLine parse(std::vector<const char*> words) {
  words.insert(words.begin(), "cgroup2_exporter");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  const std::pair<const char*, const char*> rows[] = {
      {"argument", "unexpected argument \"argument\""},
      {"", "unexpected argument \"\""},
      {"-", "unknown flag \"-\""},
      {"--", "unknown flag \"--\""},
      {"-x", "unknown flag \"-x\""},
      {"--network", "unknown flag \"--network\""},
      {"--web", "unknown flag \"--web\""},
      {"--web.systemd-sockets",
       "unknown flag \"--web.systemd-sockets\", did you mean \"--web.systemd-socket\"?"},
      {"--poll.intervall=1s",
       "unknown flag \"--poll.intervall\", did you mean \"--poll.interval\"?"},
      {"--poll.min_interval=1s",
       "unknown flag \"--poll.min_interval\", did you mean \"--poll.min-interval\"?"},
      {"--colector.io", "unknown flag \"--colector.io\", did you mean \"--collector.io\"?"},
      {"--no-collector.ios",
       "unknown flag \"--no-collector.ios\", did you mean \"--no-collector.io\"?"},
      {"--no-log.level", "unknown flag \"--no-log.level\", did you mean \"--log.level\"?"},
      {"-once", "unknown flag \"-once\", did you mean \"--once\"?"},
      {"--log.level", "--log.level: 1 required LEVEL missing"},
      {"--config.file", "--config.file: 1 required FILE missing"},
      {"--config.file=", "--config.file: must not be empty"},
      {"--once=false", "--once takes no value"},
      {"--config.check=no", "--config.check takes no value"},
  };
  for (const auto& [word, problem] : rows) {
    EXPECT_THAT(parse({word}).problems, ElementsAre(problem)) << word;
  }
}

TEST(CommandLine, ReportsAllProblemsAtOnce) {
  EXPECT_THAT(
      parse({"one", "--onc", "--log.level=info", "two"}).problems,
      ElementsAre("unexpected argument \"one\"", "unknown flag \"--onc\", did you mean \"--once\"?",
                  "unexpected argument \"two\""));
  EXPECT_THAT(parse({"--collector.io", "true"}).problems,
              ElementsAre("unexpected argument \"true\""));
  EXPECT_THAT(parse({"--config.check", "--once"}).problems,
              ElementsAre("--config.check and --once cannot be combined"));
}

TEST(CommandLine, RunsWithoutFlags) {
  for (const auto& line : {parse({}), parse_command_line(0, nullptr)}) {
    EXPECT_EQ(line.action, Action::run);
    EXPECT_EQ(line.config_file, "");
    EXPECT_THAT(line.values, IsEmpty());
    EXPECT_THAT(line.problems, IsEmpty());
  }
}

TEST(CommandLine, KnowsItsActions) {
  EXPECT_EQ(parse({"--once"}).action, Action::once);
  EXPECT_EQ(parse({"--config.check"}).action, Action::check);
  EXPECT_EQ(parse({"--healthcheck"}).action, Action::healthcheck);
  EXPECT_EQ(parse({"--version"}).action, Action::version);
  EXPECT_EQ(parse({"--help"}).action, Action::help);
  EXPECT_EQ(parse({"-h"}).action, Action::help);
}

TEST(CommandLine, AnswersHelpAndVersionWhateverElseIsThere) {
  for (const auto& words : {std::vector<const char*>{"--nonsense", "--version", "--help", "x"},
                            std::vector<const char*>{"-h", "--log.level"}}) {
    const auto line = parse(words);
    EXPECT_EQ(line.action, Action::help);
    EXPECT_THAT(line.problems, IsEmpty());
  }
  const auto line = parse({"--nonsense", "--version", "--once"});
  EXPECT_EQ(line.action, Action::version);
  EXPECT_THAT(line.problems, IsEmpty());
}

TEST(CommandLine, TakesTheLastFile) {
  EXPECT_EQ(parse({"--config.file=a", "--config.file", "b"}).config_file, "b");
}

TEST(CommandLine, PassesValuesOnAsTheyAre) {
  const char* const texts[] = {"",    "a",      "[ab]", "[a,b]", "{}",  "a,b", "\"q\"", "'q'",
                               "a b", "--once", "-1",   "=",     "a=b", "%%",  "\xff"};
  for (const auto* text : texts) {
    const std::string joined = "--cgroup.include=" + std::string(text);
    for (const auto& line :
         {parse({joined.c_str(), "--once"}), parse({"--cgroup.include", text, "--once"})}) {
      EXPECT_THAT(line.values, ElementsAre(Pair("cgroup.include", text)));
      EXPECT_EQ(line.action, Action::once);
      EXPECT_THAT(line.problems, IsEmpty());
    }
  }
}

TEST(CommandLine, KeepsTheOrderOfOneOption) {
  EXPECT_THAT(parse({"--web.listen-address=:2", "--web.listen-address", ":1",
                     "--web.listen-address=[::1]:3"})
                  .values,
              ElementsAre(Pair("web.listen-address", ":2"), Pair("web.listen-address", ":1"),
                          Pair("web.listen-address", "[::1]:3")));
  EXPECT_THAT(parse({"--no-collector.io", "--collector.io", "--collector.io=false"}).values,
              ElementsAre(Pair("collector.io", "false"), Pair("collector.io", "true"),
                          Pair("collector.io", "false")));
}

}  // namespace
}  // namespace cgroup2::config
