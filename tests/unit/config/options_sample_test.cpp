// SPDX-License-Identifier: Apache-2.0
// The file that is installed: it must show every option, with its default.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "config/load.h"
#include "config/options.h"
#include "config/yaml.h"

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

TEST(Sample, HasTheDefaults) {
  CommandLine line;
  line.config_file = sample;
  const auto loaded = load(line);
  EXPECT_THAT(loaded.problems, testing::IsEmpty());
  EXPECT_EQ(loaded.config, Config{});
}

TEST(Sample, HasEveryOption) {
  std::ifstream stream(sample);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const auto parsed = parse_yaml(text);
  ASSERT_TRUE(std::holds_alternative<YamlNode>(parsed));
  std::vector<std::string> keys;
  collect_keys(std::get<YamlNode>(parsed), "", keys);
  std::vector<std::string> expected;
  for (const auto& option : options()) expected.push_back(file_key(option));
  EXPECT_THAT(keys, testing::ElementsAreArray(expected));
}

}  // namespace
}  // namespace cgroup2::config
