// SPDX-License-Identifier: Apache-2.0
#include "app/host_facts.h"

#include <unistd.h>

#include <charconv>
#include <ctime>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "app/process_stats.h"
#include "base/dir.h"
#include "base/label.h"
#include "base/procfs.h"
#include "base/text.h"
#include "cgroup/mount.h"
#include "version.h"

namespace cgroup2::app {
namespace {

std::string read_line(const std::string& directory, const char* name) {
  const auto dir = base::Dir::open(directory);
  char buffer[4096];
  const auto text = dir ? dir->read_at(name, buffer) : base::Result<std::string_view>(dir.error());
  return text ? base::to_text(text->substr(0, text->find('\n'))) : std::string();
}

// By the clock that /proc/PID/stat has the start of a process in.
double seconds_since_boot() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Describes the mount that open_roots() finds or the configuration names. A directory that is no
// mount point has no description.
void describe_mount(const config::Config::Path& path, status::HostFacts& host) {
  const auto procfs = base::Dir::open(path.procfs);
  if (!procfs) return;
  auto mounts = cgroup::read_mounts(*procfs);
  if (!mounts) return;
  host.v1_controllers = std::move(mounts->v1_controllers);
  for (const auto& mount : mounts->v2) {
    if (path.cgroupfs != "auto" && path.cgroupfs != mount.point) continue;
    host.mount_point = mount.point;
    host.mount_root = mount.root;
    host.mount_options = mount.options;
    return;
  }
}

}  // namespace

status::HostFacts describe_host(const config::Config& config) {
  status::HostFacts host;
  // Prefers the file: in a container the UTS namespace has another name than the host.
  host.name = read_line(config.path.rootfs, "etc/hostname");
  if (host.name.empty()) host.name = read_line(config.path.procfs, "sys/kernel/hostname");
  describe_mount(config.path, host);
  host.version = version;
  host.telemetry_path = config.web.telemetry_path;
  return host;
}

std::optional<std::uint64_t> read_capabilities() {
  const auto dir = base::Dir::open("/proc/self");
  char buffer[8192];
  const auto text =
      dir ? dir->read_at("status", buffer) : base::Result<std::string_view>(dir.error());
  auto value = text ? base::find_value(*text, "CapEff") : std::nullopt;
  const auto digits = value ? base::next_token(*value).value_or("") : "";
  std::uint64_t set = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), set, 16);
  return error == std::errc{} ? std::optional(set) : std::nullopt;
}

status::Self describe_self(std::optional<std::uint64_t> capabilities) {
  status::Self self;
  const auto stats = read_process_stats();
  const double now = seconds_since_boot();
  if (stats.cpu_seconds && stats.start_seconds && now > *stats.start_seconds)
    self.cpu_share = *stats.cpu_seconds / (now - *stats.start_seconds);
  self.resident_bytes = stats.resident_memory_bytes;
  self.user_id = ::geteuid();
  self.capabilities = capabilities;
  return self;
}

}  // namespace cgroup2::app
