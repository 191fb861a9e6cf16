// SPDX-License-Identifier: Apache-2.0
#include "catalog/series.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cgroup2::catalog {
namespace {

// Of rows of one collector, beside which there is another's.
std::string series_of(const std::vector<ValueSource>& sources) {
  std::vector<Metric> rows{{.name = "",
                            .collector = Collector::misc,
                            .type = {},
                            .source = value("memory.max"),
                            .help = ""}};
  for (const ValueSource& source : sources)
    rows.push_back(
        {.name = "", .collector = Collector::cpu, .type = {}, .source = source, .help = ""});
  return series_text(Collector::cpu, rows);
}

TEST(SeriesText, CountsTheRowsOfTheCollector) {
  EXPECT_EQ(series_of({}), "");
  EXPECT_EQ(series_of({value("pids.current"), limit(value("pids.max"))}), "2 series per cgroup");
}

TEST(SeriesText, CountsTheKnownValuesOfALabel) {
  EXPECT_EQ(series_of({keys("memory.events", {.label = "event", .known_values = 7}),
                       words("cgroup.controllers", "controller", 9), value("pids.current")}),
            "17 series per cgroup");
}

TEST(SeriesText, CountsAKeyOfALineOnceForEachMember) {
  EXPECT_EQ(series_of({members(
                "memory.numa_stat",
                {.label = "type", .member_label = "node", .prefix = "N", .known_values = 22})}),
            "22 series per cgroup and node");
}

TEST(SeriesText, NamesWhatTheHostDecides) {
  EXPECT_EQ(series_of({keys("dmem.current", {.label = "region"}),
                       keys("dmem.capacity", {.label = "region"})}),
            "1 series per cgroup and region, 1 per root and region");
  EXPECT_EQ(series_of({value("hugetlb.*.current")}), "1 series per cgroup and size");
}

TEST(SeriesText, CountsAWordBesideItsDeviceAsOneSeries) {
  EXPECT_EQ(series_of({each_text("io.cost.model", "device", "ctrl")}),
            "1 series per root and device");
}

TEST(SeriesText, TellsOwnersThatWereKilledFromOthers) {
  EXPECT_EQ(series_of({ledger(LedgerValue::kills, ""), ledger(LedgerValue::last_memory, "type", 4),
                       ledger(LedgerValue::last_victim, ""), ledger(LedgerValue::forgotten, ""),
                       ledger(LedgerValue::starts, "")}),
            "1 series per owner, 5 per owner that was killed, 1 per container");
}

TEST(SeriesText, CountsNetworkNamespaces) {
  EXPECT_EQ(
      series_of({network(NetworkValue::receive_bytes, "interface"),
                 network(NetworkValue::transmit_bytes, "interface"),
                 network(NetworkValue::sockets, "protocol", 4), network(NetworkValue::orphans)}),
      "2 series per network namespace and interface, 4 per network namespace, 1 per root");
}

TEST(SeriesText, LeavesOutKeysThatNobodyKnowsYet) {
  const std::vector<Metric> rows{{.name = "",
                                  .collector = Collector::cpu,
                                  .type = MetricType::untyped,
                                  .source = keys("memory.stat", {.label = "type"}),
                                  .help = ""}};
  EXPECT_EQ(series_text(Collector::cpu, rows), "");
}

TEST(SeriesText, TakesTheMetricsOfTheCatalog) {
  EXPECT_EQ(series_text(Collector::namespaces), "1 series per cgroup");
}

}  // namespace
}  // namespace cgroup2::catalog
