// SPDX-License-Identifier: Apache-2.0
#include "app/telemetry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <initializer_list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "app/cold_files.h"
#include "app/process_stats.h"
#include "app/registry.h"
#include "base/boot_time.h"
#include "base/dir.h"
#include "catalog/collector.h"
#include "exposition/number.h"
#include "version.h"

namespace cgroup2::app {
namespace {

using exposition::Family;

double to_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

// Unix time, in seconds.
std::optional<double> read_boot_time() {
  const auto proc = base::Dir::open("/proc");
  if (!proc) return std::nullopt;
  const auto boot = base::read_boot_time(*proc);
  return boot ? std::optional(to_seconds(*boot)) : std::nullopt;
}

// From 1 ms (a few cgroups) to 10 s (10,000 cgroups on a slow host).
const prometheus::Histogram::BucketBoundaries poll_buckets{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

}  // namespace

struct Telemetry::Metrics {
  prometheus::Registry registry;
  Gauges& build_info =
      add_gauges(registry, "cgroup_exporter_build_info", "Version of the exporter.");
  prometheus::Histogram& poll_duration = prometheus::BuildHistogram()
                                             .Name("cgroup_exporter_poll_duration_seconds")
                                             .Help("Time that a poll of all cgroups took.")
                                             .Register(registry)
                                             .Add({}, poll_buckets);
  prometheus::Gauge& snapshot_age = add_gauge(registry, "cgroup_exporter_snapshot_age_seconds",
                                              "Age of the values in this answer.");
  Gauges& cgroups = add_gauges(
      registry, "cgroup_exporter_cgroups",
      "Cgroups by state: exported, excluded by the filter, unpopulated and therefore left "
      "out, dropped beyond the maximum.");
  Gauges& cgroups_dropped =
      add_gauges(registry, "cgroup_exporter_cgroups_dropped",
                 "Cgroups dropped beyond the maximum, by subtree: the ten with the most of them.");
  prometheus::Family<prometheus::Counter>& read_errors =
      prometheus::BuildCounter()
          .Name("cgroup_exporter_read_errors_total")
          .Help("Files that could not be read or parsed.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& identity_lookups =
      prometheus::BuildCounter()
          .Name("cgroup_exporter_identity_lookups_total")
          .Help("Lookups of a cgroup's identity and names, by source and result.")
          .Register(registry);
  prometheus::Gauge& nameless_containers = add_gauge(
      registry, "cgroup_exporter_nameless_containers",
      "Containers in pods of the host's kubelet with processes and, after a minute, no pod name.");
  Gauges& collector_success =
      add_gauges(registry, "cgroup_exporter_collector_success",
                 "Whether the last poll read each file of the collector, of nine in ten cgroups.");
  Gauges& collector_duration = add_gauges(registry, "cgroup_exporter_collector_duration_seconds",
                                          "Time that the collector took in the last poll.");
  Gauges& kernel_feature = add_gauges(registry, "cgroup_exporter_kernel_feature",
                                      "Whether this host offers the feature (1) or not (0).");
  prometheus::Gauge& oom_owners =
      add_gauge(registry, "cgroup_exporter_oom_owners", "Owners in the ledger of OOM kills.");
  prometheus::Counter& oom_owners_evicted =
      add_counter(registry, "cgroup_exporter_oom_owners_evicted_total",
                  "Owners of OOM kills that exceeded oom.max_owners.");
  Gauges& oom_watches =
      add_gauges(registry, "cgroup_exporter_oom_watches",
                 "Cgroups by whether they are watched for OOM kills: watched, missing.");
  prometheus::Counter& oom_overflows =
      add_counter(registry, "cgroup_exporter_oom_queue_overflows_total",
                  "Overflows of the kernel's queue of inotify events.");
  prometheus::Counter& log_losses =
      add_counter(registry, "cgroup_exporter_kernel_log_losses_total",
                  "Times that records of the kernel log were lost before the exporter read them.");
  prometheus::Counter& uncertain_victims = add_counter(
      registry, "cgroup_exporter_oom_victims_uncertain_total",
      "Victims in the kernel's log that are nobody's, because not exactly one way to read "
      "the line names known cgroups.");
  Gauges& networks =
      add_gauges(registry, "cgroup_exporter_network_namespaces",
                 "Network namespaces by state: read, unread for want of a process, dropped.");
  prometheus::Gauge& interfaces_dropped = add_gauge(
      registry, "cgroup_exporter_network_interfaces_dropped", "Interfaces beyond the bounds.");
  Gauges& recent_peaks =
      add_gauges(registry, "cgroup_exporter_memory_recent_peaks",
                 "Cgroups by how their recent peak is known: reset, grown (only while it grows), "
                 "dropped beyond the bound.");
  Gauges& pressure_bursts =
      add_gauges(registry, "cgroup_exporter_pressure_bursts",
                 "Cgroups by whether bursts of pressure are counted: watched, dropped beyond the "
                 "bound.");
  Gauges& sandbox = add_gauges(registry, "cgroup_exporter_sandbox",
                               "Whether a layer of the sandbox holds in all threads of a kind.");
  prometheus::Gauge& reload_successful =
      add_gauge(registry, "cgroup_exporter_config_last_reload_successful",
                "Whether the last load of the configuration succeeded.");
  prometheus::Gauge& reload_time =
      add_gauge(registry, "cgroup_exporter_config_last_reload_success_timestamp_seconds",
                "Time of the last load of the configuration that succeeded.");
  prometheus::Gauge& web_reload_successful =
      add_gauge(registry, "cgroup_exporter_web_config_last_reload_successful",
                "Whether the last load of the web configuration succeeded; 1 without one.");
  prometheus::Counter& web_reload_failures =
      add_counter(registry, "cgroup_exporter_web_config_reload_failures_total",
                  "Loads of the web configuration that failed, so that the old one stayed.");
  prometheus::Counter& handshake_errors =
      add_counter(registry, "cgroup_exporter_tls_handshake_errors_total",
                  "Handshakes of TLS that failed, were given up or were not TLS.");
  std::shared_ptr<const http::TlsContext> tls;  // nullptr: plain HTTP
  const std::optional<double> boot_time = read_boot_time();
  ProcessStats process = read_process_stats();  // as of the last poll, as what follows
  cgroup::ColdFileMisses cold_file_misses{};
  std::mutex mutex;  // observe() and collect() change several metrics that belong together
  std::set<std::string_view> features;     // that have a series
  std::set<std::string> dropped_subtrees;  // that have a series

  void set_features(const std::vector<cgroup::FeatureState>& states);
  void set_dropped(const std::vector<snapshot::DroppedBySubtree>& subtrees);
  void set_lookups(const identity::LookupCounts& lookups);
  void set_tracker(const oom::TrackerFigures& tracker);
  void set_networks(const network::NetworkFigures& figures);
};

// A feature of which nothing can be said any more loses its series.
void Telemetry::Metrics::set_features(const std::vector<cgroup::FeatureState>& states) {
  auto gone = std::exchange(features, {});
  for (const auto& state : states) {
    kernel_feature.Add({{"feature", std::string(state.name)}}).Set(state.is_there ? 1 : 0);
    features.insert(state.name);
    gone.erase(state.name);
  }
  for (const std::string_view name : gone)
    kernel_feature.Remove(&kernel_feature.Add({{"feature", std::string(name)}}));
}

void Telemetry::Metrics::set_dropped(const std::vector<snapshot::DroppedBySubtree>& subtrees) {
  auto gone = std::exchange(dropped_subtrees, {});
  for (const auto& subtree : subtrees) {
    cgroups_dropped.Add({{"subtree", subtree.top}}).Set(static_cast<double>(subtree.dropped));
    dropped_subtrees.insert(subtree.top);
    gone.erase(subtree.top);
  }
  for (const std::string& top : gone)
    cgroups_dropped.Remove(&cgroups_dropped.Add({{"subtree", top}}));
}

// A source that was never asked has no series.
void Telemetry::Metrics::set_lookups(const identity::LookupCounts& lookups) {
  for (std::size_t i = 0; i < identity::source_count; ++i) {
    for (std::size_t j = 0; j < identity::lookup_result_count; ++j) {
      const auto source = static_cast<identity::IdentitySource>(i);
      const auto result = static_cast<identity::LookupResult>(j);
      const std::uint64_t count = lookups.get(source, result);
      if (count == 0) continue;
      auto& counter = identity_lookups.Add(
          {{"source", std::string(to_string(source))}, {"result", std::string(to_string(result))}});
      raise(counter, count);
    }
  }
}

void Telemetry::Metrics::set_tracker(const oom::TrackerFigures& tracker) {
  oom_owners.Set(static_cast<double>(tracker.owners));
  set_states(oom_watches,
             {{"watched", tracker.watch.watched}, {"missing", tracker.watch.unwatched}});
  raise(oom_owners_evicted, tracker.evicted);
  raise(oom_overflows, tracker.watch.overflows);
  raise(log_losses, tracker.log_losses);
  raise(uncertain_victims, tracker.uncertain_victims);
}

void Telemetry::Metrics::set_networks(const network::NetworkFigures& figures) {
  set_states(networks,
             {{"read", figures.read}, {"unread", figures.unread}, {"dropped", figures.dropped}});
  interfaces_dropped.Set(static_cast<double>(figures.dropped_interfaces));
}

Telemetry::Telemetry() : metrics_(std::make_unique<Metrics>()) {
  metrics_->build_info.Add({{"version", version}}).Set(1);
  metrics_->web_reload_successful.Set(1);
}

Telemetry::~Telemetry() = default;

void Telemetry::observe(const snapshot::Snapshot& snapshot) {
  const auto process = read_process_stats();
  const std::lock_guard lock(metrics_->mutex);
  metrics_->process = process;
  metrics_->poll_duration.Observe(to_seconds(snapshot.duration));
  set_states(metrics_->cgroups, {{"exported", snapshot.cgroups.size()},
                                 {"excluded", snapshot.excluded},
                                 {"unpopulated", snapshot.unpopulated}});
  metrics_->cgroups.Add({{"state", "dropped"}}).Set(static_cast<double>(snapshot.dropped));
  for (const auto& [key, count] : snapshot.read_errors)
    raise(metrics_->read_errors.Add({{"file", key.first}, {"reason", key.second}}), count);
  metrics_->cold_file_misses = snapshot.cold_file_misses;
  metrics_->set_dropped(snapshot.dropped_by_subtree);
  metrics_->set_lookups(snapshot.lookups);
  metrics_->nameless_containers.Set(static_cast<double>(snapshot.nameless));
  metrics_->set_tracker(snapshot.tracker);
  metrics_->set_networks(snapshot.network);
  const auto& peaks = snapshot.peaks;
  if (snapshot.enabled.test(index(catalog::Collector::memory_recent_peak))) {
    set_states(metrics_->recent_peaks,
               {{"reset", peaks.reset}, {"grown", peaks.grown}, {"dropped", peaks.dropped}});
  }
  const auto& bursts = snapshot.bursts;
  if (snapshot.enabled.test(index(catalog::Collector::pressure_bursts))) {
    set_states(metrics_->pressure_bursts,
               {{"watched", bursts.watched}, {"dropped", bursts.dropped}});
  }
  metrics_->set_features(snapshot.features);
  for (std::size_t i = 0; i < catalog::collector_count; ++i) {
    const std::map<std::string, std::string> labels{
        {"collector", std::string(catalog::collectors[i].name)}};
    if (!snapshot.enabled.test(i)) {
      metrics_->collector_success.Remove(&metrics_->collector_success.Add(labels));
      metrics_->collector_duration.Remove(&metrics_->collector_duration.Add(labels));
      continue;
    }
    metrics_->collector_success.Add(labels).Set(snapshot.outcomes[i].has_failed ? 0 : 1);
    metrics_->collector_duration.Add(labels).Set(to_seconds(snapshot.outcomes[i].duration));
  }
}

void Telemetry::observe(const std::vector<sandbox::LayerState>& sandbox) {
  const std::lock_guard lock(metrics_->mutex);
  for (const auto& [role, layer, holds] : sandbox) {
    metrics_->sandbox
        .Add({{"thread", std::string(to_string(role))}, {"layer", std::string(to_string(layer))}})
        .Set(holds ? 1 : 0);
  }
}

void Telemetry::observe_reload(bool is_successful, std::chrono::system_clock::time_point now) {
  const std::lock_guard lock(metrics_->mutex);
  metrics_->reload_successful.Set(is_successful ? 1 : 0);
  if (is_successful) metrics_->reload_time.Set(to_seconds(now.time_since_epoch()));
}

void Telemetry::observe_web_reload(bool is_successful) {
  const std::lock_guard lock(metrics_->mutex);
  metrics_->web_reload_successful.Set(is_successful ? 1 : 0);
  if (!is_successful) metrics_->web_reload_failures.Increment();
}

void Telemetry::watch(std::shared_ptr<const http::TlsContext> tls) {
  const std::lock_guard lock(metrics_->mutex);
  metrics_->tls = std::move(tls);
}

std::vector<Family> Telemetry::collect(std::chrono::nanoseconds age) const {
  const std::lock_guard lock(metrics_->mutex);
  metrics_->snapshot_age.Set(to_seconds(age));
  if (metrics_->tls != nullptr)
    raise(metrics_->handshake_errors, metrics_->tls->handshake_errors());
  std::vector<Family> families;
  for (const prometheus::MetricFamily& from : metrics_->registry.Collect()) {
    families.push_back(to_family(from));
  }
  // These are read, not counted, so they do not pass through the registry.
  append_cold_file_misses(metrics_->cold_file_misses, families);
  for (auto& family : process_families(metrics_->process, metrics_->boot_time))
    families.push_back(std::move(family));
  return families;
}

}  // namespace cgroup2::app
