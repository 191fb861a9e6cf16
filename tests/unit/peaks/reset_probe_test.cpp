// SPDX-License-Identifier: Apache-2.0
#include "peaks/reset_probe.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "fake_kernel.h"

namespace cgroup2::peaks {
namespace {

using test::FakeKernel;

class ResetProbeTest : public testing::Test {
 protected:
  ResetProbeTest() {
    kernel_.use("own", 100);
    kernel_.use("own", 60);
  }
  Probed probe() { return probe_reset(kernel_.dir("own"), FakeKernel::calls()); }

  FakeKernel kernel_;
};

TEST_F(ResetProbeTest, SeesAResetThatIsForOneOpenFile) {
  EXPECT_EQ(probe().reset, Reset::per_file);
  EXPECT_EQ(kernel_.resets, 1);
}

TEST_F(ResetProbeTest, SeesAResetThatIsForEverybody) {
  kernel_.writes = FakeKernel::Writes::for_everybody;
  EXPECT_EQ(probe().reset, Reset::of_all);
}

TEST_F(ResetProbeTest, KnowsNothingWhereNothingWasLessThanThePeak) {
  kernel_.use("own", 100);
  EXPECT_EQ(probe().reset, Reset::unknown);
}

TEST_F(ResetProbeTest, TellsWhyNothingCanBeWritten) {
  kernel_.writes = FakeKernel::Writes::refused;
  EXPECT_EQ(probe().reset, Reset::impossible);
  EXPECT_EQ(probe().error, EINVAL);
  kernel_.open_error = EROFS;
  EXPECT_EQ(probe().error, EROFS);
  kernel_.remove("own");
  kernel_.use("own", 1, "other");
  EXPECT_EQ(probe().error, ENOENT);
}

TEST(ProbeBytes, AreMoreThanWhatIsChargedAheadOfPagesOfAnySize) {
  EXPECT_EQ(probe_bytes(4096), std::size_t{2} << 20);
  for (const std::size_t page : {4096U, 16384U, 65536U}) EXPECT_GT(probe_bytes(page), 64 * page);
}

TEST(OwnCgroup, IsTheOneThatListsThisProcess) {
  const test::Tree tree{{"own/cgroup.procs", "1\n" + std::to_string(::getpid()) + "\n"},
                        {"other/cgroup.procs", "1\n"},
                        {"none/", ""}};
  const auto is_own = [&](const char* name) {
    return is_own_cgroup(*base::Dir::open(tree.path(name)));
  };
  EXPECT_TRUE(is_own("own"));
  EXPECT_FALSE(is_own("other"));
  EXPECT_FALSE(is_own("none"));
}

}  // namespace
}  // namespace cgroup2::peaks
