// SPDX-License-Identifier: Apache-2.0
// The file that is installed: it must show every option, with its default.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "catalog/collector.h"
#include "catalog/identity_label.h"
#include "config/load.h"
#include "config/options.h"
#include "config/yaml.h"
#include "support/tree.h"

namespace cgroup2::config {
namespace {

const std::string sample = CGROUP2_CONFIG_DIR "/cgroup2_exporter.yaml";

void collect_keys(const YamlNode& node, const std::string& prefix, std::vector<std::string>& keys) {
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const auto& value = node.children[i + 1];
    const auto key = prefix + node.children[i].text;
    if (value.kind == YamlKind::map) {
      collect_keys(value, key + '.', keys);
    } else {
      keys.push_back(key);
    }
  }
}

std::string read_sample() {
  std::ifstream stream(sample);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Collectors stand there as comments: one that is switched on is exported whole.
std::string with_collectors(const std::string& text) {
  static const std::regex commented("\n  # ([a-z_]+: (true|false))(?=\n)");
  return std::regex_replace(text, commented, "\n  $1");
}

// The words between `begin` and `end`, in comments of several lines.
std::vector<std::string> words_between(const std::string& begin, const std::string& end) {
  const std::string text = std::regex_replace(read_sample(), std::regex("\n *# "), " ");
  const auto from = text.find(begin) + begin.size();
  const std::string part = text.substr(from, text.find(end, from) - from);
  static const std::regex separator(", and |, | and ");
  return {std::sregex_token_iterator(part.begin(), part.end(), separator, -1), {}};
}

// A group of which every option needs a restart is named instead of these.
std::set<std::string> options_that_need_a_restart() {
  std::map<std::string, std::set<std::string>> all;
  std::map<std::string, std::set<std::string>> restart;
  for (const auto& option : options()) {
    const auto key = file_key(option);
    const auto group = key.substr(0, key.find('.'));
    all[group].insert(key);
    if (option.needs_restart) restart[group].insert(key);
  }
  std::set<std::string> names;
  for (const auto& [group, keys] : restart) {
    if (keys == all[group]) {
      names.insert(group);
    } else {
      names.insert(keys.begin(), keys.end());
    }
  }
  return names;
}

TEST(Sample, HasTheDefaults) {
  CommandLine line;
  line.config_file = sample;
  const auto loaded = load(line);
  EXPECT_THAT(loaded.problems, testing::IsEmpty());
  EXPECT_EQ(loaded.config, Config{});
}

TEST(Sample, HasEveryOption) {
  const auto parsed = parse_yaml(with_collectors(read_sample()));
  ASSERT_TRUE(std::holds_alternative<YamlNode>(parsed));
  std::vector<std::string> keys;
  collect_keys(std::get<YamlNode>(parsed), "", keys);
  std::vector<std::string> expected;
  for (const auto& option : options()) expected.push_back(file_key(option));
  EXPECT_THAT(keys, testing::ElementsAreArray(expected));
}

TEST(Sample, NamesTheCollectorsThatAreOn) {
  const test::Tree tree{{"f", with_collectors(read_sample())}};
  CommandLine line;
  line.config_file = tree.path("f");
  const auto loaded = load(line);
  EXPECT_THAT(loaded.problems, testing::IsEmpty());
  EXPECT_EQ(loaded.config.collectors.switched.size(), catalog::collector_count);
  for (const auto& [name, is_on] : loaded.config.collectors.switched)
    EXPECT_EQ(is_on, Config().collectors.is_on(name)) << name;
}

TEST(Sample, NamesWhatNeedsARestart) {
  EXPECT_THAT(words_between("Changes of ", " need a restart."),
              testing::UnorderedElementsAreArray(options_that_need_a_restart()));
}

TEST(Sample, NamesEveryLabel) {
  std::vector<std::string> expected;
  for (const auto& label : catalog::identity_labels) expected.emplace_back(label.name);
  EXPECT_THAT(words_between("All labels: ", "."), testing::ElementsAreArray(expected));
}

}  // namespace
}  // namespace cgroup2::config
