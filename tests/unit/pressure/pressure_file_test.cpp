// SPDX-License-Identifier: Apache-2.0
#include "pressure/pressure_file.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <optional>

#include "support/tree.h"

namespace cgroup2::pressure {
namespace {

TEST(PressureFile, IsParsedByItsWords) {
  const struct {
    const char* text;
    Totals totals;
  } rows[] = {
      {"some avg10=0.00 avg60=0.00 avg300=0.00 total=12\n"
       "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n",
       {12, 7}},
      {"full avg10=0.00 total=7\nsome total=12 more=1\n", {12, 7}},
      {"some avg10=0.00 avg60=0.00 avg300=0.00 total=18446744073709551615\n",
       {18446744073709551615U, std::nullopt}},
      {"some total=18446744073709551616\nfull total=-1\n", {}},
      {"some total=\nfull\nother total=5\n", {}},
      {"", {}},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_totals(row.text), row.totals) << row.text;
}

TEST(PressureFile, IsOpenedAndReadAgain) {
  const test::Tree files{{"memory.pressure", "some total=1\nfull total=0\n"}};
  const auto dir = *base::Dir::open(files.path("."));
  const auto file = open_pressure(dir, 1);
  ASSERT_TRUE(file);
  EXPECT_EQ(*read_totals(*file), (Totals{1, 0}));
  files.write("memory.pressure", "some total=3\nfull total=2\n");
  EXPECT_EQ(*read_totals(*file), (Totals{3, 2}));
  EXPECT_EQ(open_pressure(dir, 0).error().code, ENOENT);
  EXPECT_EQ(read_totals(base::Fd()).error().code, EBADF);
}

}  // namespace
}  // namespace cgroup2::pressure
