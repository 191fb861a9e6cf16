// SPDX-License-Identifier: Apache-2.0
#include "app/app.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "app/descriptor_bounds.h"
#include "app/filter.h"
#include "app/host.h"
#include "app/host_facts.h"
#include "app/host_source.h"
#include "app/resident_memory.h"
#include "app/routes.h"
#include "catalog/collector.h"
#include "catalog/identity_label.h"
#include "catalog/lean.h"
#include "config/options.h"
#include "config/pattern.h"
#include "exposition/text.h"
#include "http/inherited_listeners.h"
#include "http/server.h"
#include "snapshot/builder.h"
#include "version.h"

namespace cgroup2::app {
namespace {

using exposition::Format;

// Chosen keys of memory.stat are exported as they were chosen, those of numa_stat anyway.
catalog::MetricSet to_narrowed(const config::Config& config) {
  catalog::MetricSet narrowed;
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    const catalog::Metric& metric = catalog::metrics[i];
    if (!metric.collector) continue;
    const bool has_chosen_keys =
        !config.memory.stat_keys.empty() && catalog::is_of_stat_keys(metric.source.keys);
    narrowed.set(i, !has_chosen_keys && config.collectors.is_narrowed(std::string(
                                            catalog::collectors[index(*metric.collector)].name)));
  }
  return narrowed;
}

bool watches_peaks(const config::Config& config) {
  return config.collectors.is_on("memory_recent_peak");
}

bool counts_bursts(const config::Config& config) {
  return config.collectors.is_on("pressure_bursts");
}

// `running` is the configuration as of the start, which says what there is a thread for.
snapshot::Settings to_settings(const config::Config& config, const config::Config& running,
                               base::Log& log) {
  snapshot::Settings settings;
  for (std::size_t i = 0; i < catalog::collector_count; ++i) {
    settings.selection.enabled.set(
        i, config.collectors.is_on(std::string(catalog::collectors[i].name)));
  }
  settings.selection.narrowed = to_narrowed(config);
  if (!config.memory.stat_keys.empty())
    settings.selection.takes_stat_key = config::make_matcher(config.memory.stat_keys);
  settings.filter = make_filter(config.cgroup.include, config.cgroup.exclude);
  settings.takes_interface =
      make_filter(config.network.interfaces_include, config.network.interfaces_exclude);
  const DescriptorBounds descriptors =
      bound_descriptors(log, watches_peaks(running) ? config.memory.peak_max_cgroups : 0,
                        counts_bursts(running) ? config.pressure.burst_max_cgroups : 0);
  settings.max_cgroups = std::min<std::size_t>(config.cgroup.max_count, descriptors.cgroups);
  settings.max_networks = descriptors.networks;
  settings.peak_window = config.memory.peak_window;
  settings.max_peak_cgroups = descriptors.peaks;
  settings.burst = {config.pressure.burst_threshold, config.pressure.burst_window};
  settings.max_burst_cgroups = descriptors.bursts;
  for (const auto& word : config.cgroup.kinds) {
    if (const auto kind = catalog::find_cgroup_kind(word)) settings.kinds.set(index(*kind));
  }
  settings.skip_unpopulated = config.cgroup.skip_unpopulated;
  settings.oom = {config.oom.retention, config.oom.max_owners};
  return settings;
}

snapshot::IdentitySettings to_names(const config::Config& config) {
  const auto& path = config.path;
  return {{path.docker_data_root, path.storage_graphroot, path.storage_runroot,
           path.containerd_state, path.pod_logs},
          config.labels.runtime};
}

catalog::IdentityLabelSet to_labels_on_series(const config::Config& config) {
  catalog::IdentityLabelSet labels;
  for (const auto& name : config.labels.series) {
    if (const auto label = catalog::find_identity_label(name)) labels.set(index(*label));
  }
  return labels;
}

oom::TrackerSettings to_tracker(const config::Config& config, std::function<void()> begin_watcher) {
  oom::TrackerSettings tracker;
  tracker.begin_watcher = std::move(begin_watcher);
  if (!config.collectors.is_on("oom")) return tracker;
  tracker.state_file = config.oom.state_file;
  tracker.kernel_log = config.path.kmsg;
  tracker.is_watching = true;
  return tracker;
}

// Makes the directory of a file if there is none, and returns it.
std::string make_directory_of(const std::string& file) {
  const auto slash = file.rfind('/');
  if (slash == std::string::npos) return ".";
  std::string directory = file.substr(0, slash + 1);
  ::mkdir(directory.c_str(), 0700);  // if it fails, saving fails and says so
  return directory;
}

// What the poller and the watcher may open, and who resets peaks. The hierarchy is named by its
// descriptor: it may be mounted anywhere.
sandbox::FileRules files_to_open(const config::Config& config, const snapshot::Roots& roots) {
  const auto& path = config.path;
  sandbox::FileRules files;
  // The exporter's own processes directory, too, where another procfs is the host's.
  files.readable = {"/proc/self/fd/" + std::to_string(roots.cgroupfs.number()),
                    path.procfs,
                    "/proc",
                    path.sysfs,
                    path.rootfs,
                    path.kmsg};
  const auto& state = config.oom.state_file;
  if (!state.empty()) files.writable = {make_directory_of(state)};
  if (watches_peaks(config)) files.changeable = {files.readable.front()};
  return files;
}

// A poll waits so long once a minute, and not at all while a disk does not answer.
constexpr std::chrono::milliseconds max_wait_for_filesystems{100};

snapshot::Timing to_timing(const config::Config::Poll& poll) {
  return {poll.interval, poll.min_interval, poll.max_wait, poll.timeout};
}

}  // namespace

void print_once(const config::Config& config, std::ostream& out) {
  Logger logger(config.log);
  snapshot::Builder builder(open_roots(config.path, logger), to_settings(config, config, logger),
                            {}, logger, to_names(config));
  const auto snapshot = builder.build();
  exposition::PreparedLabels labels(to_labels_on_series(config));
  std::string text;
  exposition::append_snapshot(text, *snapshot, *labels.of(*snapshot),
                              exposition::make_ledger_text(*snapshot->ledger), snapshot->enabled,
                              Format::text);
  exposition::append_end(text, Format::text);
  out << text << std::flush;
}

App::App(const Signals& signals, config::CommandLine command_line, config::Config config)
    : signals_(signals),
      command_line_(std::move(command_line)),
      config_(std::move(config)),
      logger_(config_.log),
      roots_(open_roots(config_.path, logger_)),
      sandbox_(config_.process.sandbox, files_to_open(config_, roots_), logger_),
      web_(config_.web.config_file, telemetry_, logger_),
      metrics_(to_labels_on_series(config_), telemetry_,
               [this](std::optional<std::chrono::milliseconds> max_wait) {
                 return poller_.fresh(max_wait);
               }),
      pages_(
          describe_host(config_),
          [this] {
            auto snapshot = poller_.fresh();
            return snapshot ? snapshot : poller_.latest();
          },
          config_.web.status_page),
      poller_(std::make_unique<HostSource>(
                  std::make_unique<snapshot::Builder>(
                      std::move(roots_), to_settings(config_, config_, logger_),
                      to_tracker(config_, [this] { sandbox_.enter(sandbox::Role::watcher); }),
                      logger_, to_names(config_), [this](const auto& task) { prober_.run(task); },
                      [this](auto mounts) {
                        return filesystems_.ask(std::move(mounts), max_wait_for_filesystems);
                      },
                      make_peak_opener(), [this] { sandbox_.enter(sandbox::Role::burst_counter); }),
                  telemetry_, pages_, sandbox_),
              to_timing(config_.poll), logger_) {
  telemetry_.observe_reload(true, std::chrono::system_clock::now());
}

// Only with the collector is there a thread that may write to the hierarchy.
peaks::RunOpener App::make_peak_opener() {
  if (!watches_peaks(config_)) return {};
  peak_opener_.emplace([this] { sandbox_.enter(sandbox::Role::peak_opener); });
  return [this](const auto& task) { peak_opener_->run(task); };
}

void App::serve() {
  give_memory_back();  // of the start, before the first poll needs the most
  poller_.start();
  // Leaves connections for health checks and the pages beside the scrapes.
  constexpr unsigned beside_scrapes = 24;
  const auto begin_http = [this] { sandbox_.enter(sandbox::Role::http); };
  const http::Server server(
      {.listen_addresses = config_.web.listen_addresses,
       .inherited_listeners =
           config_.web.systemd_socket ? http::inherited_listeners() : std::vector<int>(),
       .max_connections = max_scrapes(config_.web) + beside_scrapes,
       .max_connections_per_client = config_.web.max_connections_per_address,
       .tls = web_.tls(),
       .begin_thread = begin_http},
      web_.wrap(http::make_router(make_routes(
          {config_, metrics_, pages_, poller_, [this] { return reload_requests_.ask(); }}))),
      logger_);
  telemetry_.watch(web_.tls());
  for (const int port : server.ports()) {
    logger_.info("listening", {{"port", std::to_string(port)},
                               {"version", version},
                               {"tls", web_.tls() ? "true" : "false"}});
  }
  std::optional<http::Server> health;
  if (config_.web.health_listen_address) {
    health.emplace(http::ServerOptions{.listen_addresses = {*config_.web.health_listen_address},
                                       .max_connections = 8,
                                       .max_connections_per_client = 4,
                                       .begin_thread = begin_http},
                   http::make_router(make_health_routes(poller_)), logger_);
    logger_.info("listening for probes", {{"port", std::to_string(health->ports().front())}});
  }

  sandbox_.enter(sandbox::Role::main);
  logger_.info("stopping", {{"signal", std::to_string(act_until_end())}});
  reload_requests_.close();
}

// Returns the signal that ends the exporter.
int App::act_until_end() {
  using std::chrono::seconds;
  const auto patience = web_.has_file() ? std::optional(seconds(1)) : std::nullopt;
  while (true) {
    const auto signal = signals_.wait(patience);
    if (signal && *signal != SIGHUP) return *signal;
    if (signal) {
      reload_requests_.answer([this] { return reload(); });
    } else {
      web_.reload_if_changed();
    }
  }
}

std::vector<std::string> App::reload() {
  auto problems = try_reload();
  telemetry_.observe_reload(problems.empty(), std::chrono::system_clock::now());
  for (const auto& problem : problems) {
    logger_.error("configuration not reloaded, the old one stays in effect",
                  {{"problem", problem}});
  }
  if (problems.empty()) logger_.info("configuration reloaded");
  for (auto& problem : web_.reload()) problems.push_back(std::move(problem));
  return problems;
}

// Changes nothing unless all of it succeeds.
std::vector<std::string> App::try_reload() {
  try {
    config::Loaded loaded = config::load(command_line_);
    if (!loaded.problems.empty()) return std::move(loaded.problems);
    auto settings = to_settings(loaded.config, config_, logger_);
    // Keeps these as they were, because their threads are made at the start.
    for (const auto collector : {catalog::Collector::oom, catalog::Collector::memory_recent_peak,
                                 catalog::Collector::pressure_bursts}) {
      const std::string name(catalog::collectors[index(collector)].name);
      settings.selection.enabled.set(index(collector), config_.collectors.is_on(name));
    }
    for (const auto& name : config::restart_only_changes(config_, loaded.config)) {
      logger_.warn("this change takes effect only after a restart", {{"option", name}});
    }
    logger_.set_level(loaded.config.log.level);
    metrics_.set_labels_on_series(to_labels_on_series(loaded.config));
    poller_.apply(std::move(settings), to_timing(loaded.config.poll));
    return {};
  } catch (const std::exception& error) {
    return {error.what()};
  }
}

}  // namespace cgroup2::app
