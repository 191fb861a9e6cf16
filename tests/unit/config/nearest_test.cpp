// SPDX-License-Identifier: Apache-2.0
#include "config/nearest.h"

#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

TEST(Nearest, FindsOnlyWhatIsClose) {
  const std::vector<std::string> words{"cpu", "io", "memory", "pids", "pressure", "telemetry_path"};
  const struct {
    const char* word;
    std::optional<std::string> found;
  } rows[] = {
      {"", std::nullopt},
      {"x", std::nullopt},
      {"network", std::nullopt},
      {"memroy", "memory"},
      {"memroyx", std::nullopt},
      {"ios", "io"},
      {"cpus", "cpu"},
      {"pid", "pids"},
      {"presure", "pressure"},
      {"telemetrypath", "telemetry_path"},
      {"telemetrie_pat", "telemetry_path"},
      {"memory", "memory"},
  };
  for (const auto& row : rows) EXPECT_EQ(nearest(row.word, words), row.found) << row.word;
}

TEST(Nearest, TakesTheFirstOfEqualsAndTheCloserOne) {
  EXPECT_EQ(nearest("bat", {"cat", "hat"}), "cat");
  EXPECT_EQ(nearest("listens", {"listing", "listen"}), "listen");
}

TEST(Nearest, DoesNotLookAtEndlessWords) {
  EXPECT_EQ(nearest(std::string(65, 'a'), {std::string(65, 'a')}), std::nullopt);
  EXPECT_EQ(nearest(std::string(64, 'a'), {std::string(63, 'a')}), std::string(63, 'a'));
}

TEST(Suggestion, IsTheEndOfAMessage) {
  EXPECT_EQ(suggestion("cpus", {"cpu"}, "--"), ", did you mean \"--cpu\"?");
  EXPECT_EQ(suggestion("network", {"cpu"}), "");
}

}  // namespace
}  // namespace cgroup2::config
