// SPDX-License-Identifier: Apache-2.0
// Config: everything that can be set, with its default. Passive data; config/options.cpp says how
// each member is called in the file and on the command line.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/log.h"

namespace cgroup2::config {

enum class LogFormat { logfmt, json };

/// Names how much is exported where nothing finer is said.
enum class SeriesSet {
  lean,      ///< what dashboards, alerts and their runbooks use
  standard,  ///< all of the collectors that are on by default
  full,      ///< all of all collectors
};

/// Names of the labels that every series carries unless others are chosen.
[[nodiscard]] std::vector<std::string> default_series_labels();

struct Config {
  struct Web {
    std::vector<base::Address> listen_addresses{{"", 9306}};  ///< at least one
    std::string telemetry_path = "/metrics";
    unsigned max_requests = 40;                 ///< scrapes at once; 0: 40
    unsigned max_connections_per_address = 32;  ///< of IPv6, per network of 64 bits
    bool enable_lifecycle = false;
    bool status_page = true;
    /// Of a plain server for probes alone.
    std::optional<base::Address> health_listen_address{};
    bool systemd_socket = false;  ///< instead of listen_addresses: sockets of the service manager
    std::string config_file{};    ///< read and read again by the application; empty: none

    friend bool operator==(const Web&, const Web&) = default;
  } web;

  struct Path {
    /// Directory of the cgroup2 hierarchy, or "auto": found in mountinfo.
    std::string cgroupfs = "auto";
    std::string procfs = "/proc";
    std::string sysfs = "/sys";
    std::string rootfs = "/";  ///< the host's root, below which runtimes' files are looked for
    std::string kmsg = "/dev/kmsg";  ///< the kernel's log; empty: it is not read
    // Directories of the host in which runtimes keep files; empty: their configuration says it.
    std::string docker_data_root{};
    std::string storage_graphroot{};
    std::string storage_runroot{};
    std::string containerd_state{};
    std::string pod_logs{};

    friend bool operator==(const Path&, const Path&) = default;
  } path;

  struct Poll {
    /// Between scans for new cgroups and OOM kills when nobody scrapes.
    std::chrono::milliseconds interval{15'000};
    /// A scrape gets a snapshot no older than this.
    std::chrono::milliseconds min_interval{1'000};
    /// How long a scrape waits for a poll before it takes the last snapshot.
    std::chrono::milliseconds max_wait{5'000};
    /// A snapshot older than this is not served any more.
    std::chrono::milliseconds timeout{60'000};

    friend bool operator==(const Poll&, const Poll&) = default;
  } poll;

  struct CgroupChoice {
    std::string include = ".*";   ///< RE2, anchored, on the path below the mount
    std::string exclude;          ///< RE2, anchored; empty excludes nothing
    unsigned max_count = 10'000;  ///< cgroups read at most; the ones beyond are counted as dropped

    bool skip_unpopulated = false;     ///< leaf cgroups without processes have no series
    std::vector<std::string> kinds{};  ///< words of catalog::cgroup_kinds; empty: all

    friend bool operator==(const CgroupChoice&, const CgroupChoice&) = default;
  } cgroup;

  struct Memory {
    /// RE2, anchored, on the keys of memory.stat and memory.numa_stat; empty: those of the set
    std::string stat_keys;
    /// Of which the collector memory_recent_peak tells the highest use.
    std::chrono::milliseconds peak_window{60'000};
    unsigned peak_max_cgroups = 1'000;  ///< that it watches, with two descriptors each

    friend bool operator==(const Memory&, const Memory&) = default;
  } memory;

  struct Pressure {
    /// Of which the collector pressure_bursts counts those in which tasks waited for longer than
    /// the threshold.
    std::chrono::milliseconds burst_window{2'000};
    std::chrono::milliseconds burst_threshold{100};
    unsigned burst_max_cgroups = 200;  ///< whose bursts are counted, with three descriptors each

    friend bool operator==(const Pressure&, const Pressure&) = default;
  } pressure;

  struct Oom {
    std::string state_file = "/var/lib/cgroup2_exporter/oom.json";  ///< empty: none
    std::chrono::milliseconds retention{3'600'000};  ///< of owners that have no cgroup any more
    unsigned max_owners = 10'000;

    friend bool operator==(const Oom&, const Oom&) = default;
  } oom;

  struct Network {
    std::string interfaces_include = ".*";  ///< RE2, anchored, on the names of interfaces
    /// RE2, anchored; empty excludes nothing. The host's ends of containers' links are in the
    /// containers, too, under other names.
    std::string interfaces_exclude = "lo|(veth|docker|nerdctl).*";

    friend bool operator==(const Network&, const Network&) = default;
  } network;

  struct LabelChoice {
    /// Of catalog::identity_labels: on every series; the others are on cgroup_info.
    std::vector<std::string> series = default_series_labels();
    /// Keys of labels and annotations that runtimes keep of containers, for cgroup_info.
    std::vector<std::string> runtime;

    friend bool operator==(const LabelChoice&, const LabelChoice&) = default;
  } labels;

  struct CollectorChoice {
    SeriesSet set = SeriesSet::lean;
    std::map<std::string, bool> switched;  ///< those that are switched on or off, by name

    /// Says whether the collector of that name runs.
    [[nodiscard]] bool is_on(const std::string& name) const;

    /// Says whether only what is in the set `lean` is exported of it.
    [[nodiscard]] bool is_narrowed(const std::string& name) const {
      return set == SeriesSet::lean && !switched.contains(name);
    }

    friend bool operator==(const CollectorChoice&, const CollectorChoice&) = default;
  } collectors;

  struct Process {
    bool sandbox = true;  ///< threads have no rights that they do not need

    friend bool operator==(const Process&, const Process&) = default;
  } process;

  struct Logging {
    base::LogLevel level = base::LogLevel::info;
    LogFormat format = LogFormat::logfmt;

    friend bool operator==(const Logging&, const Logging&) = default;
  } log;

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace cgroup2::config
