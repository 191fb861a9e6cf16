// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_values.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace cgroup2::exposition {
namespace {

using catalog::CadvisorRoot;
using catalog::CadvisorSource;
using catalog::CadvisorValue;
using catalog::native;
using Value = std::optional<std::uint64_t>;

// The root, /a and /b.
class CadvisorValuesTest : public testing::Test {
 protected:
  CadvisorValuesTest() {
    for (const auto* path : {"/", "/a", "/b"})
      snapshot.cgroups.push_back(
          snapshot::make_cgroup(path, std::make_shared<identity::Identity>()));
    snapshot.labels = std::make_shared<std::vector<std::string>>(keys);
  }

  void push(std::string_view metric, cgroup::CgroupIndex cgroup, std::uint64_t bits,
            std::string_view key = "") {
    cgroup::LabelIds labels = cgroup::no_labels;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] == key) labels[0] = static_cast<cgroup::LabelId>(i);
    }
    snapshot.samples.columns[catalog::metric_index(metric)].push_back({cgroup, labels, bits});
  }

  std::vector<Value> all(const CadvisorSource& source) {
    CadvisorValues values(snapshot, source, std::chrono::seconds(1'700'000'000));
    std::vector<Value> got;
    for (cgroup::CgroupIndex i = 0; i < 3; ++i) got.push_back(values.of(i));
    return got;
  }

  static constexpr Value none = std::nullopt;
  const std::vector<std::string> keys{"anon", "file", "inactive_file"};
  snapshot::Snapshot snapshot;
};

using Values = std::vector<Value>;

TEST_F(CadvisorValuesTest, AreThoseOfTheNativeMetric) {
  push("cgroup_memory_usage_bytes", 1, 10);
  EXPECT_EQ(all(native("cgroup_memory_usage_bytes")), (Values{none, 10, none}));
  EXPECT_EQ(all(or_zero(native("cgroup_memory_usage_bytes"))), (Values{0, 10, 0}));
}

TEST_F(CadvisorValuesTest, AreAbsentInPlaceOfZeroWhereCadvisorHasNone) {
  push("cgroup_cpu_usage_seconds_total", 0, 0);
  push("cgroup_cpu_usage_seconds_total", 2, 5);
  EXPECT_EQ(all(unless_zero(native("cgroup_cpu_usage_seconds_total"))), (Values{none, none, 5}));
}

TEST_F(CadvisorValuesTest, AreThoseOfOneKey) {
  push("cgroup_memory_stat_bytes", 0, 1, "anon");
  push("cgroup_memory_stat_bytes", 0, 2, "file");
  push("cgroup_memory_stat_bytes", 2, 3, "file");
  EXPECT_EQ(all(native("cgroup_memory_stat_bytes", "file")), (Values{2, none, 3}));
  EXPECT_EQ(all(native("cgroup_memory_stat_bytes", "anon")), (Values{1, none, none}));
  EXPECT_EQ(all(native("cgroup_memory_stat_bytes", "shmem")), (Values{none, none, none}))
      << "nobody has seen the key";
}

TEST_F(CadvisorValuesTest, AreOfCgroupsWithAQuotaAlone) {
  for (cgroup::CgroupIndex i = 0; i < 3; ++i) push("cgroup_cpu_periods_total", i, i);
  push("cgroup_cpu_limit_cores", 2, cgroup::to_bits(0.5));
  EXPECT_EQ(all(with_quota(native("cgroup_cpu_periods_total"))), (Values{none, none, 2}));
}

TEST_F(CadvisorValuesTest, GiveAQuotaAndAPeriodInMicroseconds) {
  push("cgroup_cpu_limit_cores", 1, cgroup::to_bits(1.0 / 3));
  push("cgroup_cpu_limit_cores", 2, cgroup::to_bits(2));
  push("cgroup_cpu_period_seconds", 1, 30'000);
  const auto period = made_as(CadvisorValue::kernel_number, native("cgroup_cpu_period_seconds"));
  EXPECT_EQ(all(period), (Values{none, 30'000, none}));
  EXPECT_EQ(CadvisorValues(snapshot, period, {}).unit(), catalog::Unit::none);
  EXPECT_EQ(all(made_as(CadvisorValue::cpu_quota, native("cgroup_cpu_limit_cores"))),
            (Values{none, 10'000, none}));
}

TEST_F(CadvisorValuesTest, GiveAWeightAsShares) {
  push("cgroup_cpu_weight", 0, 1);
  push("cgroup_cpu_weight", 1, 100);
  push("cgroup_cpu_weight", 2, 10'000);
  const auto shares = made_as(CadvisorValue::cpu_shares, native("cgroup_cpu_weight"));
  EXPECT_EQ(all(shares), (Values{2, 2597, 262'144}));
  snapshot.samples = {};
  push("cgroup_cpu_weight", 1, 0);
  EXPECT_EQ(all(or_zero(shares)), (Values{0, 0, 0})) << "of an idle cgroup and without controller";
}

TEST_F(CadvisorValuesTest, TakeTheRootsMemoryFromItsStatistics) {
  push("cgroup_memory_usage_bytes", 0, 1000);
  push("cgroup_memory_usage_bytes", 1, 10);
  const auto usage = with_root(CadvisorRoot::usage, native("cgroup_memory_usage_bytes"));
  EXPECT_EQ(all(usage), (Values{1000, 10, none})) << "without memory.stat";
  push("cgroup_memory_stat_bytes", 0, 30, "anon");
  push("cgroup_memory_stat_bytes", 0, 40, "file");
  push("cgroup_memory_stat_bytes", 0, 15, "inactive_file");
  EXPECT_EQ(all(usage), (Values{70, 10, none}));
  push("cgroup_memory_working_set_bytes", 0, 900);
  push("cgroup_memory_working_set_bytes", 1, 9);
  EXPECT_EQ(all(with_root(CadvisorRoot::working_set, native("cgroup_memory_working_set_bytes"))),
            (Values{55, 9, none}));
}

TEST_F(CadvisorValuesTest, TakeTheRootsLimitsFromTheHost) {
  push("cgroup_memory_limit_bytes", 2, 5);
  const auto ram = with_root(CadvisorRoot::ram, or_zero(native("cgroup_memory_limit_bytes")));
  const auto swap =
      with_root(CadvisorRoot::swap, or_zero(native("cgroup_memory_swap_limit_bytes")));
  EXPECT_EQ(all(ram), (Values{none, 0, 5})) << "0 would say that there is no limit";
  snapshot.machine =
      std::make_shared<const machine::Machine>(machine::Machine{.memory = 4096, .swap = 0});
  EXPECT_EQ(all(ram), (Values{4096, 0, 5}));
  EXPECT_EQ(all(swap), (Values{0, 0, 0}));
}

TEST_F(CadvisorValuesTest, CountKillsOfAllCgroupsOnceThereIsALedger) {
  const auto kills = made_as(CadvisorValue::oom_kills, native("cgroup_oom_kills_total"));
  EXPECT_EQ(all(kills), (Values{none, none, none}));
  snapshot.ledger = std::make_shared<const oom::LedgerContent>(
      oom::LedgerContent{.owners = {{{.cgroup = "/b"}, {.kills = 3}}}});
  EXPECT_EQ(all(kills), (Values{0, 0, 3}));
}

TEST_F(CadvisorValuesTest, SeeAllCgroupsNow) {
  EXPECT_EQ(all(made_as(CadvisorValue::last_seen)),
            (Values{1'700'000'000, 1'700'000'000, 1'700'000'000}));
}

TEST_F(CadvisorValuesTest, KeepTheUnitOfTheNativeMetric) {
  EXPECT_EQ(CadvisorValues(snapshot, native("cgroup_cpu_usage_seconds_total"), {}).unit(),
            catalog::Unit::microseconds);
}

}  // namespace
}  // namespace cgroup2::exposition
