// SPDX-License-Identifier: Apache-2.0
#include "cgroup/derived.h"

#include <gtest/gtest.h>

#include <bit>
#include <optional>
#include <utility>
#include <vector>

#include "cgroup/samples.h"

namespace cgroup2::cgroup {
namespace {

using catalog::Derivation;
using catalog::Input;

Inputs inputs(std::initializer_list<std::pair<Input, std::uint64_t>> values) {
  Inputs result;
  for (const auto& [input, value] : values) result.set(input, value);
  return result;
}

Limits host(std::optional<std::uint64_t> ram) { return limits_of_host(ram, 8, true); }

TEST(Limits, AreTheHostsWithoutALimit) {
  const Inputs none = inputs({{Input::memory_current, 5}});
  const Limits limits = limits_below(host(1000), none);
  EXPECT_EQ(derive(Derivation::effective_memory_limit, none, limits), 1000U);
  EXPECT_EQ(derive(Derivation::headroom, none, limits), std::nullopt);
}

TEST(Limits, TheSmallestOnThePathWins) {
  const Inputs slice = inputs({{Input::memory_max, 100}, {Input::memory_current, 70}});
  const Inputs container = inputs({{Input::memory_max, 200}, {Input::memory_current, 40}});
  const Limits limits = limits_below(limits_below(host(1000), slice), container);
  EXPECT_EQ(derive(Derivation::effective_memory_limit, container, limits), 100U);
  EXPECT_EQ(derive(Derivation::headroom, container, limits), 30U);
}

TEST(Limits, AreTheRamAtMost) {
  const Inputs own = inputs({{Input::memory_max, 5000}, {Input::memory_current, 1}});
  EXPECT_EQ(derive(Derivation::effective_memory_limit, own, limits_below(host(1000), own)), 1000U);
}

TEST(Limits, HeadroomIsNeverNegative) {
  const Inputs own = inputs({{Input::memory_max, 10}, {Input::memory_current, 12}});
  EXPECT_EQ(derive(Derivation::headroom, own, limits_below(host(1000), own)), 0U);
}

TEST(Limits, AreUnknownBelowALimitThatCouldNotBeRead) {
  Inputs slice = inputs({{Input::memory_current, 70}});
  slice.fail(Input::memory_max);
  const Inputs container = inputs({{Input::memory_max, 200}, {Input::memory_current, 40}});
  const Limits limits = limits_below(limits_below(host(1000), slice), container);
  EXPECT_EQ(derive(Derivation::effective_memory_limit, container, limits), std::nullopt);
  EXPECT_EQ(derive(Derivation::headroom, container, limits), std::nullopt);
}

TEST(Limits, HeadroomIsUnknownIfTheUsageOfALimitedAncestorIs) {
  const Inputs slice = inputs({{Input::memory_max, 100}});
  const Inputs container = inputs({{Input::memory_max, 200}, {Input::memory_current, 40}});
  const Limits limits = limits_below(limits_below(host(1000), slice), container);
  EXPECT_EQ(derive(Derivation::effective_memory_limit, container, limits), 100U);
  EXPECT_EQ(derive(Derivation::headroom, container, limits), std::nullopt);
}

TEST(Limits, AreUnknownWithoutTheHostsRam) {
  const Inputs own = inputs({{Input::memory_max, 10}, {Input::memory_current, 1}});
  const Limits limits = limits_below(host(std::nullopt), own);
  EXPECT_EQ(derive(Derivation::effective_memory_limit, own, limits), std::nullopt);
  EXPECT_EQ(derive(Derivation::headroom, own, limits), 9U);
}

TEST(Limits, AreAbsentWithoutTheMemoryController) {
  const Inputs none;
  EXPECT_EQ(derive(Derivation::effective_memory_limit, none, limits_below(host(1000), none)),
            std::nullopt);
}

std::uint64_t cores(double number) { return to_bits(number); }

std::optional<double> effective_cpus(std::optional<std::uint64_t> cpus,
                                     const std::vector<Inputs>& path, bool has_cpu = true) {
  Limits limits = limits_of_host(std::nullopt, cpus, has_cpu);
  for (const Inputs& cgroup : path) limits = limits_below(limits, cgroup);
  const auto bits = derive(Derivation::effective_cpu_limit, path.back(), limits);
  return bits ? std::optional(std::bit_cast<double>(*bits)) : std::nullopt;
}

TEST(CpuLimits, AreTheSmallestQuotaOnThePath) {
  const Inputs slice = inputs({{Input::cpu_max, cores(2)}});
  EXPECT_EQ(effective_cpus(8, {slice, Inputs()}), 2);
  EXPECT_EQ(effective_cpus(8, {slice, inputs({{Input::cpu_max, cores(0.5)}})}), 0.5);
  EXPECT_EQ(effective_cpus(8, {slice, inputs({{Input::cpu_max, cores(4)}})}), 2);
  EXPECT_EQ(effective_cpus({}, {slice, Inputs()}), 2) << "the number of CPUs is not known";
}

TEST(CpuLimits, AreTheCpusAtMost) {
  const Inputs quota = inputs({{Input::cpu_max, cores(64)}});
  EXPECT_EQ(effective_cpus(8, {quota}), 8);
  EXPECT_EQ(effective_cpus(8, {inputs({{Input::cpus_effective, 3}}), quota}), 3);
  const Inputs own = inputs({{Input::cpus_asked, 1}, {Input::cpus_effective, 1}});
  EXPECT_EQ(effective_cpus(8, {inputs({{Input::cpus_effective, 3}}), own}), 1);
  EXPECT_EQ(effective_cpus(8, {Inputs()}), 8);
  EXPECT_EQ(effective_cpus(8, {inputs({{Input::cpus_effective, 0}})}), 8) << "none of its own";
  EXPECT_EQ(effective_cpus({}, {Inputs()}), std::nullopt);
}

TEST(CpuLimits, AreUnknownBelowOneThatCouldNotBeRead) {
  for (const Input input : {Input::cpu_max, Input::cpus_asked, Input::cpus_effective}) {
    Inputs slice;
    slice.fail(input);
    EXPECT_EQ(effective_cpus(8, {slice, inputs({{Input::cpu_max, cores(1)}})}), std::nullopt);
  }
}

TEST(CpuLimits, AreUnknownWhereCgroupV1HasTheController) {
  EXPECT_EQ(effective_cpus(8, {Inputs()}, false), std::nullopt);
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
