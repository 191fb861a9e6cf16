// SPDX-License-Identifier: Apache-2.0
#include "cgroup/tree.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"
#include "support/unprivileged.h"

namespace cgroup2::cgroup {
namespace {

struct Walk {
  explicit Walk(const test::Tree& files)
      : tree(*base::Dir::open(files.path()), interface, errors) {}

  std::vector<std::string> refresh() {
    tree.refresh();
    std::vector<std::string> paths;
    for (const Node* node : tree.nodes()) paths.emplace_back(node->path);
    return paths;
  }

  test::RecordingLog log;
  base::ReadErrors errors{log};
  Interface interface;
  Tree tree;
};

using Paths = std::vector<std::string>;

TEST(Tree, ListsParentsBeforeChildrenAndSiblingsByName) {
  const test::Tree files{
      {"b/x/", ""}, {"a/z/", ""}, {"a/y/", ""}, {"cgroup.procs", ""}, {"a.b/", ""}};
  Walk walk(files);
  EXPECT_EQ(walk.refresh(), (Paths{"/", "/a", "/a/y", "/a/z", "/a.b", "/b", "/b/x"}));
  for (std::size_t i = 0; i < walk.tree.nodes().size(); ++i)
    EXPECT_EQ(walk.tree.nodes()[i]->index, i);
}

TEST(Tree, LooksInEachWalkWhoseACgroupIs) {
  const test::Tree files{{"a/", ""}};
  Walk walk(files);
  walk.refresh();
  for (const Node* const node : walk.tree.nodes()) EXPECT_EQ(node->owner, ::geteuid());
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives a directory away";
  ASSERT_EQ(::chown(files.path("a").c_str(), 1234, 0), 0);
  walk.refresh();
  EXPECT_EQ(walk.tree.nodes()[1]->owner, 1234U);
}

TEST(Tree, SeesNewAndRemovedCgroups) {
  const test::Tree files{{"a/", ""}, {"b/", ""}};
  Walk walk(files);
  walk.refresh();
  files.remove("a");
  files.write("c/d/", "");
  EXPECT_EQ(walk.refresh(), (Paths{"/", "/b", "/c", "/c/d"}));
}

TEST(Tree, LearnsTheFilesThatThereAre) {
  const test::Tree files{{"a/memory.current", "1\n"},
                         {"a/hugetlb.2MB.max", "max\n"},
                         {"a/cgroup.procs", ""},
                         {"a/memory.max/", ""},
                         {"b/", ""}};
  Walk walk(files);
  walk.refresh();
  const auto names = [&](std::size_t node) {
    std::vector<std::string> found;
    for (const FileId file : walk.tree.nodes()[node]->files)
      found.push_back(walk.interface[file].name);
    std::ranges::sort(found);
    return found;
  };
  EXPECT_EQ(names(1), (Paths{"hugetlb.2MB.max", "memory.current"})) << "a directory is no file";
  EXPECT_EQ(walk.tree.nodes()[2]->path, "/a/memory.max");
  EXPECT_EQ(names(3), Paths{});
  files.remove("a/memory.current");
  files.write("a/pids.max", "7\n");
  files.write("cgroup.subtree_control", "hugetlb pids\n");
  walk.refresh();
  EXPECT_EQ(names(1), (Paths{"hugetlb.2MB.max", "pids.max"})) << "a controller was switched";
}

TEST(Tree, ListsANewLeafAgainBecauseItsFilesMayComeOneAfterTheOther) {
  const test::Tree files;
  Walk walk(files);
  walk.refresh();
  for (int number = 0; number < 8; ++number) {  // whichever walk is its turn
    const std::string name = "n" + std::to_string(number);
    files.write(name + "/", "");
    walk.refresh();
    files.write(name + "/pids.current", "");
    walk.refresh();
    for (const Node* const node : walk.tree.nodes()) {
      if (node->name == name) {
        EXPECT_EQ(node->files.size(), 1U) << name;
      }
    }
  }
}

// Such as those that cgroup.pressure of the cgroup itself brings back.
TEST(Tree, SeesNewFilesOfALeafInOneOfFourWalks) {
  const test::Tree files{{"a/", ""}};
  Walk walk(files);
  walk.refresh();
  walk.refresh();
  const auto walks_until_seen = [&](const char* name) {
    const auto before = walk.tree.nodes()[1]->files.size();
    files.write(std::string("a/") + name, "");
    int walks = 0;
    do {
      walk.refresh();
      ++walks;
    } while (walk.tree.nodes()[1]->files.size() == before && walks < 100);
    return walks;
  };
  EXPECT_LE(walks_until_seen("memory.pressure"), 4);
  walk.refresh();  // lists it again, as after each change
  EXPECT_EQ(walks_until_seen("cpu.pressure"), 3);
}

TEST(Tree, SeesTheFirstChildOfALeafAtOnceAndTheFilesOfAParentAlways) {
  const test::Tree files{{"a/", ""}};
  Walk walk(files);
  for (int i = 0; i < 5; ++i) {
    walk.refresh();
    files.write("a/b/", "");
    EXPECT_EQ(walk.refresh(), (Paths{"/", "/a", "/a/b"}));
    files.write("a/memory.pressure", "");
    walk.refresh();
    EXPECT_EQ(walk.tree.nodes()[1]->files.size(), 1U);
    files.remove("a/memory.pressure");
    files.remove("a/b");
    EXPECT_EQ(walk.refresh(), (Paths{"/", "/a"}));
  }
}

TEST(Tree, KeepsTheNodeOfACgroupThatStays) {
  const test::Tree files{{"a/b/", ""}};
  Walk walk(files);
  walk.refresh();
  const Node* before = walk.tree.nodes()[2];
  files.write("a/a/", "");
  walk.refresh();
  EXPECT_EQ(walk.tree.nodes()[3], before);
}

TEST(Tree, TakesACgroupMadeAgainUnderTheSameNameForAnother) {
  const test::Tree files{{"a/memory.current", "1\n"}};
  Walk walk(files);
  walk.refresh();
  const std::uint64_t before = walk.tree.nodes()[1]->id;
  // Renamed away, so that the file system cannot give the inode out again.
  ASSERT_EQ(::rename(files.path("a").c_str(), files.path("z").c_str()), 0);
  files.write("a/memory.current", "2\n");
  files.remove("z");
  EXPECT_EQ(walk.refresh(), (Paths{"/", "/a"}));
  EXPECT_NE(walk.tree.nodes()[1]->id, before);
  std::array<char, 16> buffer;
  EXPECT_EQ(*walk.tree.nodes()[1]->dir.read_at("memory.current", buffer), "2\n");
}

TEST(Tree, KeepsNamesByteForByte) {
  const test::Tree files;
  for (const char* name : {"quote\"", "back\\slash", "\\x2d", "k\xc3\xa4se", "bad\xff", "a:b",
                           ".hidden", " blank", "new\nline"}) {
    ASSERT_EQ(::mkdir(files.path(name).c_str(), 0755), 0) << name;
  }
  Walk walk(files);
  const auto paths = walk.refresh();
  EXPECT_EQ(paths.size(), 10U);
  EXPECT_NE(std::ranges::find(paths, "/bad\xff"), paths.end());
  EXPECT_NE(std::ranges::find(paths, "/.hidden"), paths.end());
}

TEST(Tree, DoesNotFollowLinks) {
  const test::Tree files{{"a/", ""}};
  files.link("loop", ".");
  files.link("a/up", "..");
  Walk walk(files);
  EXPECT_EQ(walk.refresh(), (Paths{"/", "/a"}));
}

TEST(Tree, WalksAHundredLevels) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "d/";
  const test::Tree files{{deep, ""}};
  Walk walk(files);
  EXPECT_EQ(walk.refresh().size(), 101U);
}

TEST(Tree, LeavesOutPathsThatAreTooLong) {
  const test::Tree files;
  const std::string name(200, 'd');
  auto dir = *base::Dir::open(files.path());
  for (int i = 0; i < 25; ++i) {
    ASSERT_EQ(::mkdirat(dir.number(), name.c_str(), 0755), 0);
    dir = *dir.open_at(name.c_str());
  }
  Walk walk(files);
  EXPECT_EQ(walk.refresh().size(), 21U);  // 20 names of 201 bytes fit into 4096
  EXPECT_EQ(walk.tree.dropped(), 1U);
  EXPECT_TRUE(walk.tree.has_failed());
  EXPECT_EQ(walk.errors.counts().count({"directory", "ENAMETOOLONG"}), 1U);
}

TEST(Tree, DoesNotFailForPathsThatAUserMakesTooLong) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives a directory away";
  const test::Tree files;
  const std::string name(200, 'd');
  auto dir = *base::Dir::open(files.path());
  for (int i = 0; i < 25; ++i) {
    ASSERT_EQ(::mkdirat(dir.number(), name.c_str(), 0755), 0);
    ASSERT_EQ(::fchownat(dir.number(), name.c_str(), 1234, 0, 0), 0);
    dir = *dir.open_at(name.c_str());
  }
  Walk walk(files);
  for (int walks = 0; walks < 2; ++walks) {
    EXPECT_EQ(walk.refresh().size(), 21U);
    EXPECT_FALSE(walk.tree.has_failed());
    EXPECT_EQ(walk.tree.dropped(), 0U);
  }
  EXPECT_EQ(walk.errors.counts().at({"directory", "ENAMETOOLONG"}), 2U);
}

TEST(Tree, DoesNotFailForADirectoryThatItsUserForbids) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives a directory away";
  const struct {
    uid_t owner;
    mode_t mode;  // of a directory with a child
    bool has_failed;
    std::size_t dropped;
  } rows[] = {{0, 0755, false, 0},   {0, 0, true, 0},        {0, 0744, true, 1},
              {1234, 0, false, 0},   {1234, 0744, false, 0}, {1234, 0711, false, 0},
              {1234, 0755, false, 0}};
  for (const auto& row : rows) {
    const test::Tree files{{"a/b/", ""}};
    for (const char* name : {"", "a/b"}) ASSERT_EQ(::chmod(files.path(name).c_str(), 0755), 0);
    ASSERT_EQ(::chown(files.path("a").c_str(), row.owner, 0), 0);
    ASSERT_EQ(::chmod(files.path("a").c_str(), row.mode), 0);
    Walk walk(files);
    const test::Unprivileged unprivileged;
    for (int walks = 1; walks < 3; ++walks) {
      const auto paths = walk.refresh();
      EXPECT_EQ(paths.size(), row.mode == 0755 ? 3U : 2U);
      EXPECT_EQ(walk.tree.has_failed(), row.has_failed) << row.owner << ' ' << row.mode;
      EXPECT_EQ(walk.tree.dropped(), row.dropped) << row.owner << ' ' << row.mode;
      EXPECT_EQ(test::total(walk.errors) > 0, row.mode != 0755)
          << "an error counts, whosever it is";
    }
  }
}

TEST(Tree, LeavesOutNewCgroupsBeyondTheBound) {
  const test::Tree files{{"b/", ""}, {"c/", ""}};
  Walk walk(files);
  walk.tree.set_max_count(2);
  walk.refresh();
  files.write("a/", "");
  EXPECT_EQ(walk.refresh(), (Paths{"/", "/b", "/c"}));
  EXPECT_EQ(walk.tree.dropped(), 1U);
  files.remove("b");
  walk.refresh();
  EXPECT_EQ(walk.refresh(), (Paths{"/", "/a", "/c"}));
  EXPECT_EQ(walk.tree.dropped(), 0U);
}

TEST(Tree, KnowsWhetherTheKernelCountsAsManyCgroupsAsBefore) {
  const test::Tree files{{"cgroup.stat", "nr_descendants 1\nnr_dying_descendants 0\n"}, {"a/", ""}};
  Walk walk(files);
  EXPECT_FALSE(walk.tree.has_same_count()) << "nothing was walked";
  walk.refresh();
  EXPECT_TRUE(walk.tree.has_same_count());
  files.write("cgroup.stat", "nr_descendants 2\nnr_dying_descendants 0\n");
  EXPECT_FALSE(walk.tree.has_same_count());
  walk.refresh();
  EXPECT_TRUE(walk.tree.has_same_count());
  files.write("cgroup.stat", "nr_dying_descendants 0\nnr_descendants\n");
  walk.refresh();
  EXPECT_FALSE(walk.tree.has_same_count()) << "a count that is not there";
  files.remove("cgroup.stat");
  walk.refresh();
  EXPECT_FALSE(walk.tree.has_same_count());
}

TEST(Tree, AsksTheFilterOncePerPathAndAgainWhenItChanges) {
  const test::Tree files{{"a/", ""}, {"b/", ""}};
  Walk walk(files);
  int asked = 0;
  walk.tree.set_filter([&](std::string_view path) {
    ++asked;
    return path == "/a";
  });
  walk.refresh();
  EXPECT_EQ(asked, 3);
  walk.refresh();
  EXPECT_EQ(asked, 3);
  EXPECT_FALSE(walk.tree.nodes()[0]->is_selected);
  EXPECT_TRUE(walk.tree.nodes()[1]->is_selected);
  EXPECT_FALSE(walk.tree.nodes()[2]->is_selected);
  walk.tree.set_filter([](std::string_view) { return true; });
  walk.refresh();
  EXPECT_TRUE(walk.tree.nodes()[2]->is_selected);
}

}  // namespace
}  // namespace cgroup2::cgroup
