// SPDX-License-Identifier: Apache-2.0
#include "app/descriptor_bounds.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstddef>
#include <cstdlib>

#include "support/log.h"

namespace cgroup2::app {
namespace {

// The limit can be lowered and not be raised again, so a child tells by its exit status.
void expect_descriptors(rlimit limit, std::size_t cgroups, std::size_t networks,
                        std::size_t peaks = 0, std::size_t wanted_peaks = 0, std::size_t bursts = 0,
                        std::size_t wanted_bursts = 0) {
  const auto is_as_expected = [&] {
    test::RecordingLog log;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    const DescriptorBounds bounds = bound_descriptors(log, wanted_peaks, wanted_bursts);
    return bounds.cgroups == cgroups && bounds.networks == networks && bounds.peaks == peaks &&
           bounds.bursts == bursts;
  };
  EXPECT_EXIT(std::_Exit(is_as_expected() ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST(Descriptors, AreTwoForACgroupOfTheHardLimit) { expect_descriptors({1'024, 2'512}, 843, 314); }

TEST(Descriptors, LeaveHalfOfALowLimit) { expect_descriptors({256, 256}, 64, 32); }

TEST(Descriptors, AreAThousandForNetworksAtMost) {
  expect_descriptors({10'000, 10'000}, 4'232, 1'024);
}

TEST(Descriptors, AreTwoForACgroupWhosePeaksAreWatched) {
  expect_descriptors({10'000, 10'000}, 4'132, 1'024, 100, 100);
}

TEST(Descriptors, AreThreeForACgroupWhoseBurstsAreCounted) {
  expect_descriptors({10'000, 10'000}, 4'082, 1'024, 0, 0, 100, 100);
  expect_descriptors({10'000, 10'000}, 3'608, 1'024, 0, 0, 416, 1'000);
}

TEST(Descriptors, AreAnEighthForPeaksAtMost) {
  expect_descriptors({10'000, 10'000}, 3'607, 1'024, 625, 1'000);
}

}  // namespace
}  // namespace cgroup2::app
