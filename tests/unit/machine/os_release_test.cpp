// SPDX-License-Identifier: Apache-2.0
#include "machine/os_release.h"

#include <gtest/gtest.h>

#include "support/tree.h"

namespace cgroup2::machine {
namespace {

std::string read(const test::Tree& tree) { return read_os_name(*base::Dir::open(tree.path())); }

TEST(ReadOsName, PrefersTheFileThatTheLinkPointsTo) {
  const test::Tree tree{{"usr/lib/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n"},
                        {"etc/os-release", "PRETTY_NAME=other\n"}};
  EXPECT_EQ(read(tree), "Debian GNU/Linux 12");
}

TEST(ReadOsName, TakesANameWithoutQuotes) {
  EXPECT_EQ(read(test::Tree{{"etc/os-release", "PRETTY_NAME=Alpine\n"}}), "Alpine");
}

TEST(ReadOsName, IsEmptyWithoutTheFileOrTheKey) {
  EXPECT_EQ(read(test::Tree{}), "");
  EXPECT_EQ(read(test::Tree{{"etc/os-release", "NAME=x\n"}}), "");
}

TEST(ReadOsName, ShowsNoControlCharacters) {
  EXPECT_EQ(read(test::Tree{{"etc/os-release", "PRETTY_NAME=\"a\x1b[1m\"\n"}}), "a%1B[1m");
}

}  // namespace
}  // namespace cgroup2::machine
