// SPDX-License-Identifier: Apache-2.0
#include "identity/nested_names.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <string>

#include "support/tree.h"
#include "unit/identity/mount_scene.h"

namespace cgroup2::identity {
namespace {

using std::chrono::seconds;
using test::mount_line;

std::string id_of(int number) {
  std::string text = std::to_string(number);
  return std::string(64 - text.size(), '0') + text;
}

class NestedNamesTest : public testing::Test {
 protected:
  NestedNamesTest() {
    tree.link("proc/100/ns/mnt", "mnt:[7]");
    tree.link("proc/100/root", tree.path("outer"));
    tree.write("proc/100/mountinfo", mount_line(tree.path("outer"), "ext4"));
  }

  void write(const std::string& id, const std::string& text) const {
    tree.write("outer/var/lib/docker/containers/" + id + "/config.v2.json", text);
  }

  bool look(int time) {
    const auto now = NestedNames::Clock::time_point() + seconds(time);
    return names.look(
        now, [](const auto& task) { task(); },
        [&](const std::string& outer) -> base::Result<MemberRoot> {
          ++opened[outer];
          if (!has_process) return base::Error{ENOENT, "open"};
          return MemberRoot::open(*base::Dir::open(tree.path("cgroup")),
                                  *base::Dir::open(tree.path("proc")), 7);
        },
        seconds(100));
  }

  cgroup2::test::Tree tree{{"cgroup/cgroup.procs", "100\n"}, {"outer/", ""}};
  std::map<std::string, int> opened;  // how often, by outer container
  bool has_process = true;
  NestedNames names;
};

TEST_F(NestedNamesTest, LookNothingUpIfNothingIsWanted) {
  EXPECT_FALSE(look(0));
  EXPECT_TRUE(opened.empty());
  EXPECT_EQ(names.next_look(), NestedNames::Clock::time_point::max());
}

TEST_F(NestedNamesTest, ReadAFileOnce) {
  write(id_of(1), R"({"Name":"/one"})");
  names.set({{"/outer", id_of(1)}});
  EXPECT_TRUE(look(0));
  EXPECT_EQ(names.name_of({"/outer", id_of(1)}), "one");
  EXPECT_EQ(names.name_of({"/other", id_of(1)}), "");
  EXPECT_FALSE(look(1000));
  EXPECT_EQ(opened["/outer"], 1);
  names.set({});
  EXPECT_EQ(names.name_of({"/outer", id_of(1)}), "");
}

TEST_F(NestedNamesTest, LookForANameForAMinute) {
  names.set({{"/outer", id_of(1)}});
  has_process = false;
  for (int time = 0; time < 10; ++time) look(time);
  has_process = true;
  for (int time = 10; time < 1000; ++time) look(time);
  EXPECT_EQ(opened["/outer"], 7);
  EXPECT_EQ(names.next_look(), NestedNames::Clock::time_point::max());
}

TEST_F(NestedNamesTest, TakeNoNameOfAFileThatIsBrokenOrTooLarge) {
  write(id_of(1), R"({"Name":"/one")");
  write(id_of(2), R"({"Name":"/two","x":")" + std::string(std::size_t{1} << 20, 'x') + "\"}");
  write(id_of(3), R"({"Name":")" + std::string(5000, 'n') + "\"}");
  names.set({{"/outer", id_of(1)}, {"/outer", id_of(2)}, {"/outer", id_of(3)}});
  look(0);
  EXPECT_EQ(names.name_of({"/outer", id_of(1)}), "");
  EXPECT_EQ(names.name_of({"/outer", id_of(2)}), "");
  EXPECT_EQ(names.name_of({"/outer", id_of(3)}).size(), 1024u);
}

// Who is in a container can make any number of cgroups that look like containers.
TEST_F(NestedNamesTest, GiveEveryOuterContainerATurn) {
  std::set<NestedNames::Key> wanted;
  for (int i = 0; i < 100; ++i) wanted.emplace("/a", id_of(i));
  wanted.emplace("/b", id_of(1));
  write(id_of(1), R"({"Name":"/one"})");
  write(id_of(50), R"({"Name":"/fifty"})");
  names.set(wanted);
  look(0);
  EXPECT_EQ(opened, (std::map<std::string, int>{{"/a", 1}, {"/b", 1}}));
  EXPECT_EQ(names.name_of({"/b", id_of(1)}), "one");
  EXPECT_EQ(names.name_of({"/a", id_of(1)}), "one");
  EXPECT_EQ(names.name_of({"/a", id_of(50)}), "") << "not read yet";
  EXPECT_EQ(names.next_look(), NestedNames::Clock::time_point());
  for (int time = 0; time < 200; ++time) look(time);
  EXPECT_EQ(names.name_of({"/a", id_of(50)}), "fifty");
  EXPECT_EQ(names.next_look(), NestedNames::Clock::time_point::max());
}

TEST_F(NestedNamesTest, ReadTwoMebibytesInAPass) {
  const std::string large = R"(","x":")" + std::string(1'000'000, 'x') + "\"}";
  std::set<NestedNames::Key> wanted;
  for (int i = 0; i < 4; ++i) {
    write(id_of(i), R"({"Name":"/name)" + large);
    wanted.emplace("/outer", id_of(i));
  }
  names.set(wanted);
  look(0);
  EXPECT_EQ(names.name_of({"/outer", id_of(1)}), "name");
  EXPECT_EQ(names.name_of({"/outer", id_of(2)}), "");
  for (int time = 1; time < 10; ++time) look(time);
  EXPECT_EQ(names.name_of({"/outer", id_of(3)}), "name");
}

}  // namespace
}  // namespace cgroup2::identity
