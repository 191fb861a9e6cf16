// SPDX-License-Identifier: Apache-2.0
#include "cgroup/derived.h"

#include <gtest/gtest.h>

namespace cgroup2::cgroup {
namespace {

using catalog::Derivation;
using catalog::Input;

Inputs inputs(std::initializer_list<std::pair<Input, std::uint64_t>> values) {
  Inputs result;
  for (const auto& [input, value] : values) result.set(input, value);
  return result;
}

TEST(Limits, AreTheHostsWithoutALimit) {
  const Inputs none = inputs({{Input::memory_current, 5}});
  const Limits limits = limits_below(limits_of_host(1000), none);
  EXPECT_EQ(derive(Derivation::effective_limit, none, limits), 1000U);
  EXPECT_EQ(derive(Derivation::headroom, none, limits), std::nullopt);
}

TEST(Limits, TheSmallestOnThePathWins) {
  const Inputs slice = inputs({{Input::memory_max, 100}, {Input::memory_current, 70}});
  const Inputs container = inputs({{Input::memory_max, 200}, {Input::memory_current, 40}});
  const Limits limits = limits_below(limits_below(limits_of_host(1000), slice), container);
  EXPECT_EQ(derive(Derivation::effective_limit, container, limits), 100U);
  EXPECT_EQ(derive(Derivation::headroom, container, limits), 30U);
}

TEST(Limits, AreTheRamAtMost) {
  const Inputs own = inputs({{Input::memory_max, 5000}, {Input::memory_current, 1}});
  EXPECT_EQ(derive(Derivation::effective_limit, own, limits_below(limits_of_host(1000), own)),
            1000U);
}

TEST(Limits, HeadroomIsNeverNegative) {
  const Inputs own = inputs({{Input::memory_max, 10}, {Input::memory_current, 12}});
  EXPECT_EQ(derive(Derivation::headroom, own, limits_below(limits_of_host(1000), own)), 0U);
}

TEST(Limits, AreUnknownBelowALimitThatCouldNotBeRead) {
  Inputs slice = inputs({{Input::memory_current, 70}});
  slice.fail(Input::memory_max);
  const Inputs container = inputs({{Input::memory_max, 200}, {Input::memory_current, 40}});
  const Limits limits = limits_below(limits_below(limits_of_host(1000), slice), container);
  EXPECT_EQ(derive(Derivation::effective_limit, container, limits), std::nullopt);
  EXPECT_EQ(derive(Derivation::headroom, container, limits), std::nullopt);
}

TEST(Limits, HeadroomIsUnknownIfTheUsageOfALimitedAncestorIs) {
  const Inputs slice = inputs({{Input::memory_max, 100}});
  const Inputs container = inputs({{Input::memory_max, 200}, {Input::memory_current, 40}});
  const Limits limits = limits_below(limits_below(limits_of_host(1000), slice), container);
  EXPECT_EQ(derive(Derivation::effective_limit, container, limits), 100U);
  EXPECT_EQ(derive(Derivation::headroom, container, limits), std::nullopt);
}

TEST(Limits, AreUnknownWithoutTheHostsRam) {
  const Inputs own = inputs({{Input::memory_max, 10}, {Input::memory_current, 1}});
  const Limits limits = limits_below(limits_of_host(std::nullopt), own);
  EXPECT_EQ(derive(Derivation::effective_limit, own, limits), std::nullopt);
  EXPECT_EQ(derive(Derivation::headroom, own, limits), 9U);
}

TEST(Limits, AreAbsentWithoutTheMemoryController) {
  const Inputs none;
  EXPECT_EQ(derive(Derivation::effective_limit, none, limits_below(limits_of_host(1000), none)),
            std::nullopt);
}

TEST(Usage, SubtractsWhatCanBeReclaimed) {
  const Inputs own = inputs({{Input::memory_current, 100},
                             {Input::active_file, 20},
                             {Input::inactive_file, 30},
                             {Input::slab_reclaimable, 5}});
  EXPECT_EQ(derive(Derivation::unreclaimable, own, {}), 45U);
  EXPECT_EQ(derive(Derivation::working_set, own, {}), 70U);
}

TEST(Usage, IsNeverNegative) {
  const Inputs own = inputs({{Input::memory_current, 10},
                             {Input::active_file, 20},
                             {Input::inactive_file, 30},
                             {Input::slab_reclaimable, 5}});
  EXPECT_EQ(derive(Derivation::unreclaimable, own, {}), 0U);
  EXPECT_EQ(derive(Derivation::working_set, own, {}), 0U);
}

TEST(Usage, IsAbsentIfAPartIs) {
  const Inputs own = inputs({{Input::memory_current, 100}, {Input::inactive_file, 30}});
  EXPECT_EQ(derive(Derivation::unreclaimable, own, {}), std::nullopt);
  EXPECT_EQ(derive(Derivation::working_set, own, {}), 70U);
  EXPECT_EQ(derive(Derivation::working_set, inputs({{Input::inactive_file, 30}}), {}),
            std::nullopt);
}

}  // namespace
}  // namespace cgroup2::cgroup
