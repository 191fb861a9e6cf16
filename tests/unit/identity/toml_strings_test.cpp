// SPDX-License-Identifier: Apache-2.0
#include "identity/toml_strings.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cgroup2::identity {
namespace {

using Found = std::set<std::string>;

Found find(std::string_view text, bool is_toml = true) {
  Found found;
  EXPECT_EQ(for_each_toml_string(text,
                                 [&](auto table, auto key, const std::string& value) {
                                   found.insert(std::string(table) + '.' + std::string(key) + '=' +
                                                value);
                                 }),
            is_toml)
      << text;
  return found;
}

TEST(TomlStrings, AreThoseAtTheTopAndOneLevelBelow) {
  EXPECT_EQ(find("state = \"/run\"  # here\n[storage]\ngraphroot='/data'\nsize = 5\n"
                 "[storage.options]\nmountopt = \"x\"\n[crio]\nroot = \"\"\"/crio\"\"\"\n"),
            (Found{".state=/run", "storage.graphroot=/data", "crio.root=/crio"}));
  EXPECT_EQ(find("storage.graphroot = \"/a\"\n"), Found{"storage.graphroot=/a"});
  EXPECT_EQ(find("storage = { runroot = \"/b\" }\n"), Found{"storage.runroot=/b"});
  EXPECT_EQ(find(""), Found{});
}

TEST(TomlStrings, AreNoneOfWhatIsNotToml) {
  EXPECT_EQ(find("[storage\ngraphroot = \"/a\"\n", false), Found{});
  EXPECT_EQ(find("a = \"/a\"\na = \"/b\"\n", false), Found{});
  EXPECT_EQ(find("a = \"\xff\"\n", false), Found{});
}

TEST(TomlStrings, AreNotLookedForWithoutEnd) {
  std::string deep = "a = ";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  EXPECT_EQ(find(deep, false), Found{});
  std::string tables = "[a";
  for (int i = 0; i < 10'000; ++i) tables += ".a";
  (void)for_each_toml_string(tables + "]\n", [](auto, auto, const std::string&) {});
}

TEST(TomlStrings, AreQuickToFindWhereThereAreFewTables) {
  EXPECT_TRUE(has_few_toml_tables(""));
  EXPECT_TRUE(has_few_toml_tables("[storage]\n" + std::string(999, '.')));
  EXPECT_FALSE(has_few_toml_tables("[storage]\n" + std::string(1000, '.')));
  EXPECT_FALSE(has_few_toml_tables(std::string(1001, '[')));
}

}  // namespace
}  // namespace cgroup2::identity
