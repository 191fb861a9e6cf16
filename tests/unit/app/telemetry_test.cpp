// SPDX-License-Identifier: Apache-2.0
#include "app/telemetry.h"

#include <gtest/gtest.h>

#include <memory>

#include "exposition/text.h"
#include "support/certificates.h"

namespace cgroup2::app {
namespace {

using namespace std::chrono_literals;

std::string text_of(const Telemetry& telemetry) {
  std::string out;
  exposition::append_families(out, telemetry.collect(1500ms), exposition::Format::text);
  return out;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Telemetry, CountsReadErrorsOnceHoweverOftenTheyAreReported) {
  Telemetry telemetry;
  snapshot::Snapshot snapshot;
  snapshot.read_errors[{"memory.stat", "EACCES"}] = 3;
  telemetry.observe(snapshot);
  telemetry.observe(snapshot);
  EXPECT_TRUE(
      contains(text_of(telemetry),
               "cgroup_exporter_read_errors_total{file=\"memory.stat\",reason=\"EACCES\"} 3\n"));
}

TEST(Telemetry, ShowsFilesThatChangedUntold) {
  Telemetry telemetry;
  snapshot::Snapshot snapshot;
  snapshot.cold_file_misses[catalog::file_index("memory.max")] = 3;
  telemetry.observe(snapshot);
  EXPECT_TRUE(contains(text_of(telemetry),
                       "cgroup_exporter_cold_file_misses_total{file=\"memory.max\"} 3\n"));
}

TEST(Telemetry, ShowsCollectorsThatRan) {
  Telemetry telemetry;
  snapshot::Snapshot snapshot;
  snapshot.enabled.set();
  const auto io = index(catalog::Collector::io);
  snapshot.outcomes[io].has_failed = true;
  telemetry.observe(snapshot);
  auto text = text_of(telemetry);
  EXPECT_TRUE(contains(text, "cgroup_exporter_collector_success{collector=\"cpu\"} 1\n")) << text;
  EXPECT_TRUE(contains(text, "cgroup_exporter_collector_success{collector=\"io\"} 0\n"));
  snapshot.enabled.reset(io);
  telemetry.observe(snapshot);
  EXPECT_FALSE(contains(text_of(telemetry), "{collector=\"io\"}"));
}

TEST(Telemetry, ShowsFeaturesAsLongAsSomethingCanBeSaid) {
  Telemetry telemetry;
  snapshot::Snapshot snapshot;
  snapshot.features = {{"psi", true}, {"memory_peak", false}};
  telemetry.observe(snapshot);
  const auto text = text_of(telemetry);
  EXPECT_TRUE(contains(text, "cgroup_exporter_kernel_feature{feature=\"psi\"} 1\n")) << text;
  EXPECT_TRUE(contains(text, "cgroup_exporter_kernel_feature{feature=\"memory_peak\"} 0\n"));
  snapshot.features = {{"psi", false}};
  telemetry.observe(snapshot);
  const auto later = text_of(telemetry);
  EXPECT_TRUE(contains(later, "cgroup_exporter_kernel_feature{feature=\"psi\"} 0\n")) << later;
  EXPECT_FALSE(contains(later, "memory_peak"));
}

TEST(Telemetry, NamesSubtreesAsLongAsTheyAreCut) {
  Telemetry telemetry;
  snapshot::Snapshot snapshot;
  snapshot.dropped_by_subtree = {{"/u", 7}, {"/w", 2}};
  telemetry.observe(snapshot);
  const auto text = text_of(telemetry);
  EXPECT_TRUE(contains(text, "cgroup_exporter_cgroups_dropped{subtree=\"/u\"} 7\n")) << text;
  EXPECT_TRUE(contains(text, "cgroup_exporter_cgroups_dropped{subtree=\"/w\"} 2\n"));
  snapshot.dropped_by_subtree = {{"/u", 6}};
  telemetry.observe(snapshot);
  const auto later = text_of(telemetry);
  EXPECT_TRUE(contains(later, "cgroup_exporter_cgroups_dropped{subtree=\"/u\"} 6\n")) << later;
  EXPECT_FALSE(contains(later, "subtree=\"/w\""));
}

TEST(Telemetry, CountsNetworkNamespaces) {
  Telemetry telemetry;
  snapshot::Snapshot snapshot;
  snapshot.network = {.read = 4, .unread = 3, .dropped = 2, .dropped_interfaces = 1};
  telemetry.observe(snapshot);
  const auto text = text_of(telemetry);
  EXPECT_TRUE(contains(text, "cgroup_exporter_network_namespaces{state=\"read\"} 4\n")) << text;
  EXPECT_TRUE(contains(text, "cgroup_exporter_network_namespaces{state=\"unread\"} 3\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_network_namespaces{state=\"dropped\"} 2\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_network_interfaces_dropped 1\n"));
}

TEST(Telemetry, ShowsAgePollsAndItself) {
  Telemetry telemetry;
  snapshot::Snapshot snapshot;
  snapshot.duration = 20ms;
  snapshot.excluded = 4;
  snapshot.nameless = 3;
  telemetry.observe(snapshot);
  const auto text = text_of(telemetry);
  EXPECT_TRUE(contains(text, "cgroup_exporter_snapshot_age_seconds 1.5\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_cgroups{state=\"excluded\"} 4\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_nameless_containers 3\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_poll_duration_seconds_bucket{le=\"0.01\"} 0\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_poll_duration_seconds_bucket{le=\"0.025\"} 1\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_poll_duration_seconds_bucket{le=\"+Inf\"} 1\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_build_info{version="));
  EXPECT_TRUE(contains(text, "process_resident_memory_bytes "));
}

TEST(Telemetry, KeepsTheTimeOfTheLastReloadThatSucceeded) {
  Telemetry telemetry;
  telemetry.observe_reload(true, std::chrono::system_clock::time_point(100s));
  telemetry.observe_reload(false, std::chrono::system_clock::time_point(200s));
  const auto text = text_of(telemetry);
  EXPECT_TRUE(contains(text, "cgroup_exporter_config_last_reload_successful 0\n"));
  EXPECT_TRUE(contains(text, "cgroup_exporter_config_last_reload_success_timestamp_seconds 100\n"));
}

TEST(Telemetry, CountsReloadsOfTheWebConfigurationThatFailed) {
  Telemetry telemetry;
  const std::string last = "\ncgroup_exporter_web_config_last_reload_successful ";
  const std::string failures = "\ncgroup_exporter_web_config_reload_failures_total ";
  EXPECT_TRUE(contains(text_of(telemetry), last + "1\n"));
  EXPECT_TRUE(contains(text_of(telemetry), failures + "0\n"));
  telemetry.observe_web_reload(false);
  telemetry.observe_web_reload(false);
  EXPECT_TRUE(contains(text_of(telemetry), last + "0\n"));
  telemetry.observe_web_reload(true);
  EXPECT_TRUE(contains(text_of(telemetry), last + "1\n"));
  EXPECT_TRUE(contains(text_of(telemetry), failures + "2\n"));
}

TEST(Telemetry, CountsHandshakesThatFail) {
  Telemetry telemetry;
  const std::string name = "\ncgroup_exporter_tls_handshake_errors_total ";
  EXPECT_TRUE(contains(text_of(telemetry), name + "0\n"));
  const auto identity = test::Authority().issue();
  const auto tls = std::make_shared<http::TlsContext>(
      config::TlsConfig{.cert = identity.cert, .key = identity.key});
  telemetry.watch(tls);
  tls->count_handshake_error();
  EXPECT_TRUE(contains(text_of(telemetry), name + "1\n"));
}

}  // namespace
}  // namespace cgroup2::app
