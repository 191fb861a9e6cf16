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
    const Lookup lookup = look_at_first(host, row.paths, [&](const std::string& text) {
      return parse_oci_config(text, annotations, names);
    });
    EXPECT_EQ(std::string(to_string(lookup)) + describe(names), row.expected)
        << testing::PrintToString(row.paths);
  }
}

}  // namespace
}  // namespace cgroup2::identity
