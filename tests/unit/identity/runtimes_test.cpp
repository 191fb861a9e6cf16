// SPDX-License-Identifier: Apache-2.0
#include "identity/runtimes.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace cgroup2::identity {
namespace {

TEST(Runtimes, HaveDifferentWordsPrefixesAndParents) {
  std::set<std::string_view> words, prefixes, parents;
  for (const auto& row : all_runtimes) {
    EXPECT_TRUE(words.insert(row.word).second) << row.word;
    for (const auto prefix : {row.prefixes[0], row.prefixes[1], row.monitor_prefix}) {
      EXPECT_TRUE(prefix.empty() || prefixes.insert(prefix).second) << prefix;
    }
    EXPECT_TRUE(row.parent.empty() || parents.insert(row.parent).second) << row.parent;
  }
}

TEST(Runtimes, HavePrefixesForHexDigitsOnly) {
  for (const auto& row : all_runtimes) {
    EXPECT_TRUE(row.prefixes[0].empty() || row.id == IdShape::hex64) << row.word;
  }
}

TEST(Sources, HaveDifferentWordsAndDescriptions) {
  std::set<std::string_view> words, descriptions;
  for (const auto& row : all_sources) {
    EXPECT_TRUE(words.insert(row.word).second) << row.word;
    EXPECT_TRUE(descriptions.insert(row.description).second) << row.word;
    EXPECT_TRUE(row.description.ends_with('.')) << row.word;
  }
}

TEST(Sources, ThatReadFilesAreInARow) {
  for (const auto& source : all_sources) {
    bool is_used = source.look == nullptr;
    for (const auto& runtime : all_runtimes)
      is_used = is_used || runtime.sources.has(source.source);
    EXPECT_TRUE(is_used) << source.word;
  }
}

TEST(SourceSet, HasWhatItWasMadeOf) {
  constexpr SourceSet set{IdentitySource::docker};
  EXPECT_TRUE(set.has(IdentitySource::docker));
  EXPECT_FALSE(set.has(IdentitySource::none));
  const auto more = set.with({IdentitySource::pod, IdentitySource::machined});
  EXPECT_TRUE(more.has(IdentitySource::docker));
  EXPECT_TRUE(more.has(IdentitySource::pod));
  EXPECT_TRUE(more.has(IdentitySource::machined));
  EXPECT_FALSE(set.has(IdentitySource::pod));
}

}  // namespace
}  // namespace cgroup2::identity
