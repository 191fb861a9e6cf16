// SPDX-License-Identifier: Apache-2.0
#include "identity/host_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "identity/oci_config.h"
#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;

const Annotations annotations({"app", "team"});

TEST(HostFiles, AreReadUntilOneHasSomething) {
  const Root root;
  const base::Rooted host = root.open();
  const HostFiles files{host, annotations};
  root.write("nothing", "{}");
  root.write("cut", "{");
  root.write("a", R"({"annotations":{"app":"a"}})");
  root.write("b", R"({"annotations":{"app":"b"}})");
  root.write("huge", std::string(max_runtime_file + 1, ' '));
  root.write("directory/", "");
  ASSERT_EQ(::mkfifo(root.path("fifo").c_str(), 0600), 0);
  root.link("loop", "loop");
  root.link("outside", root.path("a"));
  root.link("dangling", "/nowhere");
  const struct {
    std::vector<std::string> paths;
    const char* expected;
  } rows[] = {
      {{}, "absent"},
      {{"gone", "nothing", "a", "b"}, "found [a] []"},
      {{"cut", "b"}, "found [b] []"},
      {{"gone", "cut", "nothing"}, "failed"},
      {{"huge"}, "failed"},
      {{"directory", "gone"}, "failed"},
      {{"fifo"}, "failed"},
      {{"loop"}, "failed"},
      {{"outside", "dangling", "a/b"}, "absent"},
  };
  for (const auto& row : rows) {
    Names names;
    std::vector<HostFile> places;
    for (const auto& path : row.paths) places.push_back({path});
    const LookupResult result = look_at_first(files, places, [&](const std::string& text) {
      return parse_oci_config(text, annotations, names);
    });
    EXPECT_EQ(std::string(to_string(result)) + describe(names), row.expected)
        << testing::PrintToString(row.paths);
  }
}

TEST(HostFiles, AreBoundedBelowADirectoryOfAUser) {
  const Root root;
  const base::Rooted host = root.open();
  const auto look = [&](ReadBudget* budget, const std::string& name) {
    const base::OwnedDirectory home{"home/u", ::geteuid()};
    return look_at_first({host, annotations, budget}, {{name, home}},
                         [](const std::string&) { return LookupResult::found; });
  };
  root.write("home/u/huge", std::string(max_file_of_user + 1, ' '));
  root.write("home/u/largest", std::string(max_file_of_user, ' '));
  root.write("home/u/ten", "0123456789");
  root.link("home/u/link", "ten");
  EXPECT_EQ(look(nullptr, "huge"), LookupResult::failed);
  EXPECT_EQ(look(nullptr, "largest"), LookupResult::found);
  EXPECT_EQ(look(nullptr, "link"), LookupResult::failed);
  ReadBudget budget{.left = max_file_of_user + 19};
  EXPECT_EQ(look(&budget, "huge"), LookupResult::failed);
  EXPECT_FALSE(budget.is_exceeded) << "it is too large for any budget";
  EXPECT_EQ(look(&budget, "largest"), LookupResult::found);
  EXPECT_EQ(look(&budget, "ten"), LookupResult::found);
  EXPECT_EQ(budget.left, 9u);
  EXPECT_FALSE(budget.is_exceeded);
  EXPECT_EQ(look(&budget, "ten"), LookupResult::failed);
  EXPECT_TRUE(budget.is_exceeded);
}

}  // namespace
}  // namespace cgroup2::identity
