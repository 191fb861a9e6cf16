// SPDX-License-Identifier: Apache-2.0
#include "app/registry.h"

#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

namespace cgroup2::app {
namespace {

TEST(RegistryFamily, HasTheSamplesOfItsMetrics) {
  prometheus::Registry registry;
  prometheus::BuildCounter()
      .Name("c_total")
      .Help("C.")
      .Register(registry)
      .Add({{"a", "b"}})
      .Increment(2);
  const auto family = to_family(registry.Collect().front());
  EXPECT_EQ(family.name, "c_total");
  EXPECT_EQ(family.type, exposition::FamilyType::counter);
  ASSERT_EQ(family.samples.size(), 1U);
  EXPECT_EQ(family.samples[0].value, 2);
}

TEST(RegistryFamily, HasBucketsSumAndCountOfAHistogram) {
  prometheus::Registry registry;
  const prometheus::Histogram::BucketBoundaries bounds{1};
  prometheus::BuildHistogram().Name("h").Help("H.").Register(registry).Add({}, bounds).Observe(3);
  const auto family = to_family(registry.Collect().front());
  std::string text;
  for (const auto& sample : family.samples)
    text += sample.suffix + "=" + std::to_string(static_cast<int>(sample.value)) + " ";
  EXPECT_EQ(text, "_bucket=0 _bucket=1 _sum=3 _count=1 ");
}

}  // namespace
}  // namespace cgroup2::app
