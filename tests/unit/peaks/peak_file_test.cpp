// SPDX-License-Identifier: Apache-2.0
#include "peaks/peak_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>

#include "support/tree.h"

namespace cgroup2::peaks {
namespace {

class PeakFileTest : public testing::Test {
 protected:
  int opens(const char* name) { return open_to_reset(dir_, name).has_value() ? 0 : error(name); }
  int error(const char* name) { return open_to_reset(dir_, name).error().code; }

  test::Tree tree_{{"memory.peak", "4096\n"}, {"memory.swap.peak", "many\n"}};
  base::Dir dir_ = std::move(*base::Dir::open(tree_.path()));
};

TEST_F(PeakFileTest, ReadsWhatItOpensToReset) {
  const auto file = open_to_reset(dir_, "memory.peak");
  ASSERT_TRUE(file);
  EXPECT_EQ(read_peak(*file).value(), 4096);
  EXPECT_EQ(read_peak(*file).value(), 4096) << "from its beginning again";
  EXPECT_EQ(reset_peak(*file), 0);
}

// Root may open such a file to write it.
TEST_F(PeakFileTest, OpensNoFileThatTheKernelLetsNobodyWrite) {
  ASSERT_EQ(::chmod(tree_.path("memory.peak").c_str(), 0444), 0);
  EXPECT_EQ(opens("memory.peak"), EPERM);
  EXPECT_TRUE(open_to_read(dir_, "memory.peak"));
}

TEST_F(PeakFileTest, TellsWhyItCannotOpen) {
  EXPECT_EQ(opens("memory.zswap.peak"), ENOENT);
  tree_.link("link", "memory.peak");
  EXPECT_EQ(opens("link"), ELOOP);
}

TEST_F(PeakFileTest, ResetsNothingThatIsOpenToReadAlone) {
  EXPECT_EQ(reset_peak(*open_to_read(dir_, "memory.peak")), EBADF);
}

TEST_F(PeakFileTest, TellsWhatIsNoNumber) {
  EXPECT_EQ(read_peak(*open_to_read(dir_, "memory.swap.peak")).error().code, EILSEQ);
  EXPECT_EQ(parse_peak("").error().code, EILSEQ);
  EXPECT_EQ(parse_peak("1 2\n").error().code, EILSEQ);
  EXPECT_EQ(parse_peak("18446744073709551615").value(), 18446744073709551615U);
}

}  // namespace
}  // namespace cgroup2::peaks
