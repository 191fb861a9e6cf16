// SPDX-License-Identifier: Apache-2.0
#include "exposition/text.h"

#include <gtest/gtest.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <utility>

#include "catalog/catalog.h"
#include "exposition/body_buffer.h"

namespace cgroup2::exposition {
namespace {

snapshot::Snapshot make_snapshot() {
  snapshot::Snapshot snapshot;
  snapshot.enabled.set();
  snapshot.labels =
      std::make_shared<std::vector<std::string>>(std::vector<std::string>{"oom", "sda"});
  return snapshot;
}

std::shared_ptr<const CgroupLabels> on_series(const std::string& block) {
  return std::make_shared<const CgroupLabels>(CgroupLabels{block, {}, {}});
}

// A root and a cgroup of a hostile name, already escaped as make_labels() does it.
LabelBlocks::OfCgroups two_cgroups() {
  return {on_series(R"(cgroup="/")"), on_series(R"(cgroup="/a\"b\\c",container_id="abc")")};
}

void push(snapshot::Snapshot& snapshot, std::string_view metric, cgroup::Sample sample) {
  snapshot.samples.columns[catalog::metric_index(metric)].push_back(sample);
}

std::string render(const snapshot::Snapshot& snapshot, Format format,
                   const cgroup::CollectorSet& wanted = cgroup::CollectorSet().set(),
                   LabelBlocks::OfCgroups labels = two_cgroups()) {
  std::string out;
  append_snapshot(out, snapshot, LabelBlocks(std::move(labels)), make_ledger_text(*snapshot.ledger),
                  wanted, format);
  append_end(out, format);
  return out;
}

TEST(Text, OmitsEmptyFamilies) {
  EXPECT_EQ(render(make_snapshot(), Format::text), "");
  EXPECT_EQ(render(make_snapshot(), Format::openmetrics), "# EOF\n");
}

TEST(Text, WritesAFamilyInTheTextFormat) {
  auto snapshot = make_snapshot();
  push(snapshot, "cgroup_memory_events_total",
       {1, {0, cgroup::no_label}, std::numeric_limits<std::uint64_t>::max()});
  EXPECT_EQ(render(snapshot, Format::text),
            "# HELP cgroup_memory_events_total Memory events of the cgroup and its descendants; "
            "without the "
            "descendants where the hierarchy is mounted with memory_localevents.\n"
            "# TYPE cgroup_memory_events_total counter\n"
            "cgroup_memory_events_total{cgroup=\"/"
            "a\\\"b\\\\c\",container_id=\"abc\",event=\"oom\"} 18446744073709551615\n");
}

TEST(Text, WritesAFamilyInOpenMetrics) {
  auto snapshot = make_snapshot();
  push(snapshot, "cgroup_cpu_usage_seconds_total", {0, cgroup::no_labels, 58'761'459});
  EXPECT_EQ(render(snapshot, Format::openmetrics),
            "# TYPE cgroup_cpu_usage_seconds counter\n"
            "# UNIT cgroup_cpu_usage_seconds seconds\n"
            "# HELP cgroup_cpu_usage_seconds CPU time used.\n"
            "cgroup_cpu_usage_seconds_total{cgroup=\"/\"} 58.761459\n"
            "# EOF\n");
}

TEST(Text, UntypedIsUnknownInOpenMetrics) {
  auto snapshot = make_snapshot();
  push(snapshot, "cgroup_memory_stat_other", {0, {0, cgroup::no_label}, 1});
  EXPECT_NE(render(snapshot, Format::text).find("# TYPE cgroup_memory_stat_other untyped\n"),
            std::string::npos);
  EXPECT_NE(render(snapshot, Format::openmetrics).find("# TYPE cgroup_memory_stat_other unknown\n"),
            std::string::npos);
}

TEST(Text, InfoIsAGaugeInTheTextFormat) {
  const auto labels =
      std::make_shared<const CgroupLabels>(CgroupLabels{R"(cgroup="/x")", R"(,kind="other")", ""});
  const auto snapshot = make_snapshot();
  const auto all = cgroup::CollectorSet().set();
  EXPECT_EQ(
      render(snapshot, Format::text, all, {labels}),
      "# HELP cgroup_info Whose cgroup it is: container, runtime, pod and which source said so.\n"
      "# TYPE cgroup_info gauge\n"
      "cgroup_info{cgroup=\"/x\",kind=\"other\"} 1\n");
  EXPECT_NE(render(snapshot, Format::openmetrics, all, {labels}).find("# TYPE cgroup info\n"),
            std::string::npos);
}

TEST(Text, WritesTheNamespacesOfTheCgroupsThatHaveSome) {
  const auto labels =
      std::make_shared<const CgroupLabels>(CgroupLabels{R"(cgroup="/x")", "", R"(,pid="7")"});
  const auto text = render(make_snapshot(), Format::text, cgroup::CollectorSet().set(),
                           {on_series(R"(cgroup="/")"), labels});
  EXPECT_TRUE(text.ends_with(" gauge\ncgroup_namespace_info{cgroup=\"/x\",pid=\"7\"} 1\n")) << text;
}

TEST(Text, WritesTheLedgerInBothFormats) {
  auto snapshot = make_snapshot();
  oom::LedgerContent content{.owners = {{{.unit = "a"}, {.kills = 1}}}};
  content.owners.begin()->second.victim.comm = "java";
  snapshot.ledger = std::make_shared<const oom::LedgerContent>(content);
  cgroup::CollectorSet oom;
  oom.set(index(catalog::Collector::oom));
  const auto text = render(snapshot, Format::text, oom);
  EXPECT_NE(text.find("# TYPE cgroup_oom_kills_total counter\n"
                      "cgroup_oom_kills_total{unit=\"a\"} 1\n"
                      "# HELP cgroup_oom_kills_by_limit_total "),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("cgroup_oom_group_kills"), std::string::npos) << "it has no sample";
  const auto openmetrics = render(snapshot, Format::openmetrics, oom);
  EXPECT_NE(openmetrics.find("# TYPE cgroup_oom_last_victim info\n"), std::string::npos);
  EXPECT_NE(openmetrics.find("\ncgroup_oom_last_victim_info{unit=\"a\",comm=\"java\"} 1\n"),
            std::string::npos);
  snapshot.enabled.reset();
  EXPECT_EQ(render(snapshot, Format::text, oom), "");
}

TEST(Text, NarrowsToTheCollectorsThatAreWantedAndEnabled) {
  auto snapshot = make_snapshot();
  push(snapshot, "cgroup_pids", {0, cgroup::no_labels, 1});
  push(snapshot, "cgroup_cpu_limit_cores", {0, cgroup::no_labels, cgroup::to_bits(1.5)});
  cgroup::CollectorSet pids;
  pids.set(index(catalog::Collector::pids));
  const auto text = render(snapshot, Format::text, pids);
  EXPECT_NE(text.find("cgroup_pids{cgroup=\"/\"} 1\n"), std::string::npos);
  EXPECT_EQ(text.find("cgroup_cpu"), std::string::npos);
  snapshot.enabled.reset();
  EXPECT_EQ(render(snapshot, Format::text, pids), "");
}

TEST(Text, AWriterThatNobodyListensToEndsEarly) {
  auto snapshot = make_snapshot();
  for (int i = 0; i < 10'000; ++i) push(snapshot, "cgroup_pids", {0, cgroup::no_labels, 1});
  push(snapshot, "cgroup_pids_peak", {0, cgroup::no_labels, 1});
  int pieces = 0;
  write_snapshot([&](std::string_view) { return ++pieces < 2; }, snapshot,
                 LabelBlocks(two_cgroups()), {}, cgroup::CollectorSet().set(), Format::text);
  EXPECT_EQ(pieces, 2);
}

TEST(Text, PiecesAreNoLargerThanAPage) {
  auto snapshot = make_snapshot();
  for (int i = 0; i < 10'000; ++i) push(snapshot, "cgroup_pids", {1, cgroup::no_labels, 1});
  std::string joined;
  write_snapshot(
      [&](std::string_view piece) {
        EXPECT_LE(piece.size(), BodyBuffer::size);
        EXPECT_EQ(piece.back(), '\n');
        joined += piece;
        return true;
      },
      snapshot, LabelBlocks(two_cgroups()), {}, cgroup::CollectorSet().set(), Format::text);
  EXPECT_GT(joined.size(), 5 * BodyBuffer::size);
  EXPECT_EQ(joined, render(snapshot, Format::text));
}

TEST(Text, ALineMayBeLongerThanAPage) {
  auto snapshot = make_snapshot();
  const std::string path(2 * BodyBuffer::size, 'x');
  auto labels = two_cgroups();
  labels.push_back(on_series("cgroup=\"" + path + '"'));
  push(snapshot, "cgroup_pids", {0, cgroup::no_labels, 1});
  push(snapshot, "cgroup_pids", {2, cgroup::no_labels, 2});
  push(snapshot, "cgroup_pids", {0, cgroup::no_labels, 3});
  const auto text = render(snapshot, Format::text, cgroup::CollectorSet().set(), std::move(labels));
  EXPECT_TRUE(text.ends_with("cgroup_pids{cgroup=\"/\"} 1\ncgroup_pids{cgroup=\"" + path +
                             "\"} 2\ncgroup_pids{cgroup=\"/\"} 3\n"));
}

TEST(Families, AreWrittenInBothFormats) {
  const std::vector<Family> families{{"cgroup_exporter_read_errors_total",
                                      "Files \"that\" failed.\n",
                                      FamilyType::counter,
                                      {{"", {{"file", "a\"b"}, {"reason", "EIO"}}, 3}}},
                                     {"cgroup_exporter_empty", "Nothing.", FamilyType::gauge, {}},
                                     {"cgroup_exporter_poll_duration_seconds",
                                      "Time.",
                                      FamilyType::histogram,
                                      {{"_bucket", {{"le", "0.1"}}, 1},
                                       {"_bucket", {{"le", "+Inf"}}, 2},
                                       {"_sum", {}, 0.5},
                                       {"_count", {}, 2}}}};
  std::string text;
  append_families(text, families, Format::text);
  EXPECT_EQ(text,
            "# HELP cgroup_exporter_read_errors_total Files \"that\" failed.\\n\n"
            "# TYPE cgroup_exporter_read_errors_total counter\n"
            "cgroup_exporter_read_errors_total{file=\"a\\\"b\",reason=\"EIO\"} 3\n"
            "# HELP cgroup_exporter_poll_duration_seconds Time.\n"
            "# TYPE cgroup_exporter_poll_duration_seconds histogram\n"
            "cgroup_exporter_poll_duration_seconds_bucket{le=\"0.1\"} 1\n"
            "cgroup_exporter_poll_duration_seconds_bucket{le=\"+Inf\"} 2\n"
            "cgroup_exporter_poll_duration_seconds_sum 0.5\n"
            "cgroup_exporter_poll_duration_seconds_count 2\n");
  std::string openmetrics;
  append_families(openmetrics, families, Format::openmetrics);
  EXPECT_NE(openmetrics.find("# TYPE cgroup_exporter_read_errors counter\n# HELP "
                             "cgroup_exporter_read_errors Files \\\"that\\\" failed.\\n\n"),
            std::string::npos)
      << openmetrics;
}

// The oracle: prometheus-cpp's serializer on the same families, with values that both print alike
// (its 17 digits against our shortest form differ only where a double has no short decimal).
double oracle_value(catalog::Unit unit, const cgroup::Sample& sample) {
  const auto number = static_cast<double>(sample.bits);
  switch (unit) {
    case catalog::Unit::none:
    case catalog::Unit::bytes:
      return number;
    case catalog::Unit::nanoseconds:
      return number / 1e9;
    case catalog::Unit::microseconds:
      return number / 1e6;
    case catalog::Unit::milliseconds:
      return number / 1e3;
    case catalog::Unit::cores:
    case catalog::Unit::ratio:
      return cgroup::to_double(sample);
  }
  return number;
}

prometheus::MetricFamily to_oracle(const snapshot::Snapshot& snapshot, std::size_t index) {
  const catalog::Metric& metric = catalog::metrics[index];
  prometheus::MetricFamily family;
  family.name = metric.name;
  family.help = metric.help;
  family.type = metric.type == catalog::MetricType::counter   ? prometheus::MetricType::Counter
                : metric.type == catalog::MetricType::untyped ? prometheus::MetricType::Untyped
                                                              : prometheus::MetricType::Gauge;
  for (const cgroup::Sample& sample : snapshot.samples.columns[index]) {
    prometheus::ClientMetric client;
    client.label.push_back({"cgroup", sample.cgroup == 0 ? "/" : "/a\"b\\c"});
    if (sample.cgroup == 1) client.label.push_back({"container_id", "abc"});
    const auto names = catalog::label_names(metric);
    for (std::size_t i = 0; i < names.size() && !names[i].empty(); ++i)
      client.label.push_back({std::string(names[i]), (*snapshot.labels)[sample.labels[i]]});
    const double value = oracle_value(metric.unit, sample);
    client.counter.value = client.gauge.value = client.untyped.value = value;
    family.metric.push_back(client);
  }
  return family;
}

TEST(Oracle, TextEqualsPrometheusCppForEveryFamily) {
  auto snapshot = make_snapshot();
  std::vector<prometheus::MetricFamily> families;
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    const catalog::Metric& metric = catalog::metrics[i];
    if (metric.source.select == catalog::Select::identity ||
        metric.source.select == catalog::Select::namespaces ||
        metric.source.select == catalog::Select::ledger)
      continue;
    const auto names = catalog::label_names(metric);
    for (cgroup::CgroupIndex index = 0; index < 2; ++index) {
      const std::uint64_t bits = catalog::is_fraction(metric.unit)
                                     ? cgroup::to_bits(0.5)
                                     : std::uint64_t{1'500'000} * (index + 1);
      cgroup::LabelIds labels = cgroup::no_labels;
      if (!names[0].empty()) labels[0] = static_cast<cgroup::LabelId>(index);
      if (!names[1].empty()) labels[1] = static_cast<cgroup::LabelId>(1 - index);
      snapshot.samples.columns[i].push_back({index, labels, bits});
    }
    families.push_back(to_oracle(snapshot, i));
  }
  EXPECT_EQ(render(snapshot, Format::text), prometheus::TextSerializer().Serialize(families));
}

TEST(Text, ShowsOfANarrowedSnapshotWhatIsChosen) {
  auto snapshot = make_snapshot();
  snapshot.narrowed.set();
  for (const auto kind : {identity::WorkloadKind::other, identity::WorkloadKind::container}) {
    auto identity = std::make_shared<identity::Identity>();
    identity->workload.kind = kind;
    snapshot.cgroups.push_back(snapshot::make_cgroup("/a", std::move(identity)));
  }
  push(snapshot, "cgroup_cpu_user_seconds_total", {0, cgroup::no_labels, 1});
  push(snapshot, "cgroup_populated", {0, cgroup::no_labels, 1});
  EXPECT_EQ(render(snapshot, Format::text), "") << "a family without samples has no header";
  push(snapshot, "cgroup_cpu_user_seconds_total", {1, cgroup::no_labels, 2'000'000});
  EXPECT_EQ(render(snapshot, Format::text),
            "# HELP cgroup_cpu_user_seconds_total CPU time used in user mode.\n"
            "# TYPE cgroup_cpu_user_seconds_total counter\n"
            "cgroup_cpu_user_seconds_total{cgroup=\"/a\\\"b\\\\c\",container_id=\"abc\"} 2\n");
}

}  // namespace
}  // namespace cgroup2::exposition
