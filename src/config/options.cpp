// SPDX-License-Identifier: Apache-2.0
#include "config/options.h"

#include <algorithm>
#include <cstddef>

#include "catalog/collector.h"
#include "catalog/identity_label.h"
#include "catalog/series.h"
#include "config/address.h"
#include "config/option_access.h"
#include "config/pattern.h"

namespace cgroup2::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr DurationParser at_most_an_hour{0ms, 1h};
constexpr bool restart = true;
constexpr bool live = false;

using C = Config;

// The rows of each group.

// clang-format off
std::vector<Option> web_options() {
  return {
    {"web.listen-address", "ADDRESS",
     "Address to listen on: :PORT (every address), HOST:PORT or [V6]:PORT.",
     restart, member(&C::web, &C::Web::listen_addresses, append_listen_address)},
    {"web.systemd-socket", "",
     "Listen on the sockets that systemd passes instead of on web.listen-address.",
     restart, member(&C::web, &C::Web::systemd_socket, parse_switch)},
    {"web.health-listen-address", "ADDRESS",
     "Address of a plain server for /-/healthy and /-/ready alone; empty: none.",
     restart, member(&C::web, &C::Web::health_listen_address, parse_optional_address)},
    {"web.telemetry-path", "PATH",
     "HTTP path of the metrics.",
     restart, member(&C::web, &C::Web::telemetry_path, parse_telemetry_path)},
    {"web.max-requests", "NUMBER",
     "Maximum concurrent scrapes, 1 to 250; others get 503. 0: 40.",
     restart, member(&C::web, &C::Web::max_requests, NumberParser{0, 250})},
    {"web.max-connections-per-address", "NUMBER",
     "Maximum connections of one client (IPv4 address, IPv6 /64), 2 to 1000.",
     restart, member(&C::web, &C::Web::max_connections_per_address, NumberParser{2, 1000})},
    {"web.enable-lifecycle", "",
     "Allow POST /-/reload, which reloads the configuration.",
     restart, member(&C::web, &C::Web::enable_lifecycle, parse_switch)},
    {"web.status-page", "",
     "Serve the status page at / and /cgroup.",
     restart, member(&C::web, &C::Web::status_page, parse_switch)},
    {"web.config.file", "FILE",
     "Web configuration of exporter-toolkit: TLS, users, headers, rate limit; empty: none.",
     restart, member(&C::web, &C::Web::config_file, parse_optional_path)},
  };
}

std::vector<Option> path_options() {
  return {
    {"path.cgroupfs", "DIRECTORY",
     "Root of the cgroup v2 hierarchy; auto finds it in mountinfo.",
     restart, member(&C::path, &C::Path::cgroupfs, parse_path)},
    {"path.procfs", "DIRECTORY",
     "Mount point of the host's /proc.",
     restart, member(&C::path, &C::Path::procfs, parse_path)},
    {"path.sysfs", "DIRECTORY",
     "Mount point of the host's /sys.",
     restart, member(&C::path, &C::Path::sysfs, parse_path)},
    {"path.rootfs", "DIRECTORY",
     "Mount point of the host's root directory, or of its parts that have the names of containers.",
     restart, member(&C::path, &C::Path::rootfs, parse_path)},
    {"path.kmsg", "FILE",
     "The kernel log, for the names of OOM victims; empty: not read; /dev/stdin: opened already.",
     restart, member(&C::path, &C::Path::kmsg, parse_optional_path)},
    {"path.docker-data-root", "DIRECTORY",
     "Docker's data-root on the host; empty: as daemon.json or the daemon's command line has it.",
     restart, member(&C::path, &C::Path::docker_data_root, parse_host_directory)},
    {"path.storage-graphroot", "DIRECTORY",
     "Root of Podman, CRI-O and Buildah; empty: as storage.conf or crio.conf has it.",
     restart, member(&C::path, &C::Path::storage_graphroot, parse_host_directory)},
    {"path.storage-runroot", "DIRECTORY",
     "Root of what they keep until the next boot; empty: as storage.conf or crio.conf has it.",
     restart, member(&C::path, &C::Path::storage_runroot, parse_host_directory)},
    {"path.containerd-state", "DIRECTORY",
     "containerd's state directory; empty: as config.toml has it.",
     restart, member(&C::path, &C::Path::containerd_state, parse_host_directory)},
    {"path.pod-logs", "DIRECTORY",
     "The kubelet's podLogsDir; empty: as its configuration has it.",
     restart, member(&C::path, &C::Path::pod_logs, parse_host_directory)},
  };
}

std::vector<Option> poll_options() {
  return {
    {"poll.interval", "DURATION",
     "Time between scans for new cgroups and OOM kills when there is no scrape, 100ms to 1h.",
     live, member(&C::poll, &C::Poll::interval, DurationParser{100ms, 1h})},
    {"poll.min-interval", "DURATION",
     "Maximum age of the data that a scrape gets without a new poll, 0 to 1h.",
     live, member(&C::poll, &C::Poll::min_interval, at_most_an_hour)},
    {"poll.max-wait", "DURATION",
     "Maximum time that a scrape waits for a poll before it gets the last data, 0 to 1h.",
     live, member(&C::poll, &C::Poll::max_wait, at_most_an_hour)},
    {"poll.timeout", "DURATION",
     "Age from which data is no longer served, 1ms to 1d.",
     live, member(&C::poll, &C::Poll::timeout, DurationParser{1ms, 24h})},
  };
}

std::vector<Option> cgroup_options() {
  return {
    {"cgroup.include", "REGEX",
     "Cgroups to read: a regular expression (RE2) that matches the whole path below the mount.",
     live, member(&C::cgroup, &C::CgroupChoice::include, parse_pattern)},
    {"cgroup.exclude", "REGEX",
     "Cgroups to exclude, even if they are included: RE2 that matches the whole path; empty: none.",
     live, member(&C::cgroup, &C::CgroupChoice::exclude, parse_optional_pattern)},
    {"cgroup.kinds", "KIND",
     "A kind of cgroups to read, such as container, pod, machine, job or service; repeatable.",
     live, member(&C::cgroup, &C::CgroupChoice::kinds, append_cgroup_kind), {}, true},
    {"cgroup.max-count", "NUMBER",
     "Maximum number of cgroups to read, 1 to 1000000; others are counted as dropped.",
     live, member(&C::cgroup, &C::CgroupChoice::max_count, NumberParser{1, 1'000'000})},
    {"cgroup.skip-unpopulated", "",
     "Leave out leaf cgroups that have no processes. Their OOM kills are still counted.",
     live, member(&C::cgroup, &C::CgroupChoice::skip_unpopulated, parse_switch)},
  };
}

std::vector<Option> memory_options() {
  return {
    {"memory.stat-keys", "REGEX",
     "Keys of memory.stat and memory.numa_stat to export: RE2 on the whole key; empty: the set's.",
     live, member(&C::memory, &C::Memory::stat_keys, parse_optional_pattern)},
    {"memory.peak-window", "DURATION",
     "Time of which memory_recent_peak tells the highest use, 1s to 1d; no scraper may be slower.",
     live, member(&C::memory, &C::Memory::peak_window, DurationParser{1s, 24h})},
    {"memory.peak-max-cgroups", "NUMBER",
     "Maximum number of cgroups that memory_recent_peak watches, 1 to 100000; containers first.",
     live, member(&C::memory, &C::Memory::peak_max_cgroups, NumberParser{1, 100'000})},
  };
}

std::vector<Option> pressure_options() {
  return {
    {"pressure.burst-threshold", "DURATION",
     "How long tasks must wait in a window for it to count as a burst, 1ms to 1m.",
     live, member(&C::pressure, &C::Pressure::burst_threshold, DurationParser{1ms, 1min})},
    {"pressure.burst-window", "DURATION",
     "Window in which waiting is added up, and a burst counted once, 500ms to 1m.",
     live, member(&C::pressure, &C::Pressure::burst_window, DurationParser{500ms, 1min})},
    {"pressure.burst-max-cgroups", "NUMBER",
     "Maximum number of cgroups whose bursts are counted, 1 to 10000; containers first.",
     live, member(&C::pressure, &C::Pressure::burst_max_cgroups, NumberParser{1, 10'000})},
  };
}

std::vector<Option> oom_options() {
  return {
    {"oom.state-file", "FILE",
     "File that keeps the counts of OOM kills across restarts; empty: none.",
     restart, member(&C::oom, &C::Oom::state_file, parse_optional_path)},
    {"oom.retention", "DURATION",
     "How long OOM kills are exported after the owner's last cgroup was removed, 1s to 30d.",
     live, member(&C::oom, &C::Oom::retention, DurationParser{1s, 720h})},
    {"oom.max-owners", "NUMBER",
     "Maximum number of owners of OOM kills, 1 to 1000000; users' go first.",
     live, member(&C::oom, &C::Oom::max_owners, NumberParser{1, 1'000'000})},
  };
}

std::vector<Option> network_options() {
  return {
    {"network.interfaces.include", "REGEX",
     "Network interfaces to export: RE2 that matches the whole name.",
     live, member(&C::network, &C::Network::interfaces_include, parse_pattern)},
    {"network.interfaces.exclude", "REGEX",
     "Interfaces to leave out, even if they are included: RE2 on the whole name; empty: none.",
     live, member(&C::network, &C::Network::interfaces_exclude, parse_optional_pattern)},
  };
}

std::vector<Option> labels_options() {
  return {
    {"labels.series", "LABEL",
     "A label that every series has; repeatable. The others are on cgroup_info.",
     live, member(&C::labels, &C::LabelChoice::series, append_series_label), {}, true},
    {"labels.runtime", "KEY",
     "A label or annotation of containers that cgroup_info has as label_KEY; repeatable.",
     restart, member(&C::labels, &C::LabelChoice::runtime, append_runtime_label), {}, true},
  };
}

std::vector<Option> process_options() {
  return {
    {"process.sandbox", "",
     "Take from each thread the rights that it does not need: capabilities, Landlock, seccomp.",
     restart, member(&C::process, &C::Process::sandbox, parse_switch)},
  };
}

std::vector<Option> log_options() {
  return {
    {"log.level", "LEVEL",
     "Minimum level to log: debug, info, warn or error.",
     live, member(&C::log, &C::Logging::level, parse_log_level)},
    {"log.format", "FORMAT",
     "Format of log lines: logfmt or json.",
     restart, member(&C::log, &C::Logging::format, parse_log_format)},
  };
}
// clang-format on

std::vector<Option> collector_options() {
  std::vector<Option> rows;
  rows.push_back(
      {"collectors", "SET",
       "How much is exported: lean, standard or full; collectors switched on by name are "
       "whole.",
       live, member(&C::collectors, &C::CollectorChoice::set, parse_series_set)});
  for (const auto& info : catalog::collectors) {
    const std::string name(info.name);
    // Their threads are made at the start.
    const bool needs_restart =
        name == "oom" || name == "memory_recent_peak" || name == "pressure_bursts";
    rows.push_back({"collector." + name, "", std::string(info.help) + '.', needs_restart,
                    collector(name), catalog::series_text(*catalog::find_collector(name))});
  }
  return rows;
}

}  // namespace

std::vector<std::string> default_series_labels() {
  std::vector<std::string> names;
  for (const auto& label : catalog::identity_labels) {
    if (label.is_on_every_series) names.emplace_back(label.name);
  }
  return names;
}

bool Config::CollectorChoice::is_on(const std::string& name) const {
  const auto found = switched.find(name);
  if (found != switched.end()) return found->second;
  const auto collector = catalog::find_collector(name);
  return collector && (set == SeriesSet::full || catalog::collectors[index(*collector)].is_default);
}

std::vector<Option> options() {
  std::vector<Option> table;
  for (const auto& group :
       {web_options(), path_options(), poll_options(), cgroup_options(), memory_options(),
        pressure_options(), oom_options(), network_options(), labels_options(), process_options(),
        log_options(), collector_options()}) {
    table.insert(table.end(), group.begin(), group.end());
  }
  return table;
}

std::string file_key(const Option& option) {
  constexpr std::string_view group = "collector.";
  std::string key = option.name;
  // The collectors themselves stand beside it.
  if (key == "collectors") key += ".set";
  if (key.starts_with(group)) key.replace(0, group.size(), "collectors.");
  std::replace(key.begin(), key.end(), '-', '_');
  // "web.config.file" is called so by every exporter, and is config_file below web.
  std::replace(key.begin() + static_cast<std::ptrdiff_t>(key.find('.') + 1), key.end(), '.', '_');
  return key;
}

std::vector<std::string> restart_only_changes(const Config& running, const Config& wanted) {
  std::vector<std::string> names;
  for (const auto& option : options()) {
    if (!option.needs_restart) continue;
    if (option.access.show(running) != option.access.show(wanted)) names.push_back(option.name);
  }
  return names;
}

}  // namespace cgroup2::config
