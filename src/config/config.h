// SPDX-License-Identifier: Apache-2.0
// Config: everything that can be set, with its default. Passive data; config/options.cpp says how
// each member is called in the file and on the command line.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/log.h"

namespace cgroup2::config {

enum class LogFormat { logfmt, json };

/// Names of the labels that every series carries unless others are chosen.
[[nodiscard]] std::vector<std::string> default_series_labels();

/// Names of the collectors that run unless they are switched off.
[[nodiscard]] std::set<std::string> default_collectors();

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

    bool skip_unpopulated = false;  ///< leaf cgroups without processes have no series

    friend bool operator==(const CgroupChoice&, const CgroupChoice&) = default;
  } cgroup;

  struct Memory {
    std::string stat_keys =
        ".*";  ///< RE2, anchored, on the keys of memory.stat and memory.numa_stat

    friend bool operator==(const Memory&, const Memory&) = default;
  } memory;

  struct Oom {
    std::string state_file = "/var/lib/cgroup2_exporter/oom.json";  ///< empty: none
    std::chrono::milliseconds retention{3'600'000};  ///< of owners that have no cgroup any more
    unsigned max_owners = 10'000;

    friend bool operator==(const Oom&, const Oom&) = default;
  } oom;

  struct LabelChoice {
    /// Of catalog::identity_labels: on every series; the others are on cgroup_info.
    std::vector<std::string> series = default_series_labels();
    /// Keys of labels and annotations that runtimes keep of containers, for cgroup_info.
    std::vector<std::string> runtime;

    friend bool operator==(const LabelChoice&, const LabelChoice&) = default;
  } labels;

  std::set<std::string> collectors = default_collectors();  ///< those that run, by name

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
