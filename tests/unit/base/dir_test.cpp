// SPDX-License-Identifier: Apache-2.0
#include "base/dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <map>
#include <utility>

#include "support/tree.h"

namespace cgroup2::base {
namespace {

using test::Tree;

TEST(Dir, FailsToOpenWhatIsNoDirectory) {
  const Tree tree{{"file", "x"}};
  EXPECT_EQ(Dir::open(tree.path("missing")).error().code, ENOENT);
  EXPECT_EQ(Dir::open(tree.path("file")).error().code, ENOTDIR);
}

TEST(Dir, IsOpenedOnceMoreWithADescriptorOfItsOwn) {
  const Tree tree;
  auto dir = std::move(*Dir::open(tree.path()));
  const auto inode = *dir.inode();
  const Dir again = dir.reopen();
  EXPECT_NE(again.number(), dir.number());
  dir = Dir();
  EXPECT_EQ(*again.inode(), inode);
  EXPECT_FALSE(dir.reopen().is_open());
}

TEST(Dir, ListsFromTheBeginningEachTime) {
  const Tree tree{{"a/b/", ""}, {"a/file", "x"}};
  const auto dir = Dir::open(tree.path())->open_to_list_at("a");
  for (int i = 0; i < 2; ++i) {
    int count = 0;
    EXPECT_EQ(dir->list([&](const DirEntry&) { ++count; }), 0);
    EXPECT_EQ(count, 2);
  }
  EXPECT_TRUE(dir->open_at("b"));
}

TEST(Dir, DoesNotFollowALinkToAChild) {
  const Tree tree{{"a/", ""}};
  tree.link("link", "a");
  const auto root = Dir::open(tree.path());
  EXPECT_FALSE(root->open_at("link"));
  EXPECT_TRUE(root->open_at("a"));
}

TEST(Dir, TellsAFileThatIsMountedFromElsewhere) {
  EXPECT_FALSE(Dir::open("/")->is_of_filesystem("proc"));
  EXPECT_TRUE(Dir::open("/proc")->is_of_filesystem("version"));
  EXPECT_FALSE(Dir::open("/proc")->is_of_filesystem("absent"));
}

TEST(Dir, ReadsAFileWhole) {
  const Tree tree{{"memory.current", "1048576\n"}};
  std::array<char, 64> buffer;
  EXPECT_EQ(*Dir::open(tree.path())->read_at("memory.current", buffer), "1048576\n");
}

TEST(Dir, RefusesAFileThatDoesNotFit) {
  const Tree tree{{"big", std::string(64, 'x')}};
  std::array<char, 64> buffer;
  EXPECT_EQ(Dir::open(tree.path())->read_at("big", buffer).error().code, EFBIG);
  EXPECT_EQ(Dir::open(tree.path())->read_all_at("big", 63).error().code, EFBIG);
  EXPECT_EQ(Dir::open(tree.path())->read_all_at("big", 64)->size(), 64U);
}

TEST(Dir, ReadsAsMuchAsFits) {
  const Tree tree{{"dev", std::string(64, 'x')}};
  const auto dir = Dir::open(tree.path());
  std::array<char, 65> large;
  const auto whole = dir->read_part_at("dev", large);
  EXPECT_EQ(whole->text.size(), 64U);
  EXPECT_TRUE(whole->is_whole);
  std::array<char, 64> small;
  const auto part = dir->read_part_at("dev", small);
  EXPECT_EQ(part->text.size(), 64U);
  EXPECT_FALSE(part->is_whole);
  EXPECT_EQ(dir->read_part_at("missing", small).error().code, ENOENT);
  EXPECT_EQ(dir->read_part_at(".", small).error().code, EISDIR);
}

TEST(Dir, DoesNotFollowALinkToAFile) {
  const Tree tree{{"secret", "1\n"}};
  tree.link("memory.current", "secret");
  std::array<char, 64> buffer;
  EXPECT_EQ(Dir::open(tree.path())->read_at("memory.current", buffer).error().code, ELOOP);
}

TEST(Dir, DoesNotBlockOnAFifo) {
  const Tree tree;
  ASSERT_EQ(::mkfifo(tree.path("memory.current").c_str(), 0600), 0);
  std::array<char, 64> buffer;
  EXPECT_EQ(*Dir::open(tree.path())->read_at("memory.current", buffer), "");
}

TEST(Dir, ReadingADirectoryIsAnError) {
  const Tree tree{{"memory.current/", ""}};
  std::array<char, 64> buffer;
  EXPECT_EQ(Dir::open(tree.path())->read_at("memory.current", buffer).error().code, EISDIR);
}

TEST(Dir, ListsNamesTypesAndInodes) {
  const Tree tree{{"a/", ""}, {"file", ""}};
  tree.link("link", "a");
  std::map<std::string, bool> seen;
  const auto root = Dir::open(tree.path());
  std::uint64_t inode = 0;
  EXPECT_EQ(root->list([&](const DirEntry& entry) {
    seen[entry.name] = entry.is_directory;
    if (std::string_view(entry.name) == "a") inode = entry.inode;
  }),
            0);
  EXPECT_EQ(seen, (std::map<std::string, bool>{{"a", true}, {"file", false}, {"link", false}}));
  EXPECT_EQ(inode, *root->open_at("a")->inode());
}

TEST(Dir, ListsTheSameTwice) {
  const Tree tree{{"a/", ""}, {"b/", ""}};
  const auto root = Dir::open(tree.path());
  for (int i = 0; i < 2; ++i) {
    int count = 0;
    EXPECT_EQ(root->list([&](const DirEntry&) { ++count; }), 0);
    EXPECT_EQ(count, 2);
  }
}

TEST(Dir, IsNotRevivedByADirectoryOfTheSameName) {
  const Tree tree{{"a/memory.current", "1\n"}};
  const auto dir = Dir::open(tree.path("a"));
  tree.remove("a");
  tree.write("a/memory.current", "2\n");
  std::array<char, 64> buffer;
  EXPECT_EQ(dir->read_at("memory.current", buffer).error().code, ENOENT);
}

TEST(Dir, ReadsLinks) {
  const Tree tree;
  tree.link("ns", "pid:[4026531836]");
  std::array<char, 64> buffer;
  std::array<char, 4> small;
  const auto root = Dir::open(tree.path());
  EXPECT_EQ(*root->read_link_at("ns", buffer), "pid:[4026531836]");
  EXPECT_EQ(root->read_link_at("ns", small).error().code, ENAMETOOLONG);
  EXPECT_EQ(root->read_link_at("missing", buffer).error().code, ENOENT);
}

TEST(Dir, EndsTheListWhenTheVisitorHasEnough) {
  const test::Tree tree{{"a", ""}, {"b", ""}, {"c", ""}};
  int seen = 0;
  EXPECT_EQ(Dir::open(tree.path())->list([&](const DirEntry&) { return ++seen < 2; }), 0);
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace cgroup2::base
