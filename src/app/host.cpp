// SPDX-License-Identifier: Apache-2.0
#include "app/host.h"

#include <linux/magic.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/read_errors.h"
#include "base/walk.h"
#include "cgroup/mount.h"

namespace cgroup2::app {
namespace {

base::Dir open_or_throw(const std::string& path, const char* flag) {
  auto dir = base::Dir::open(path);
  if (!dir) throw std::runtime_error(std::string(flag) + "=" + path + ": " + dir.error().message());
  return std::move(*dir);
}

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const auto& word : words) joined += (joined.empty() ? "" : ",") + word;
  return joined;
}

constexpr const char* v1_only =
    "this host has cgroup v1 only; boot it with systemd.unified_cgroup_hierarchy=1 on the kernel "
    "command line to enable cgroup v2";

std::string missing_hierarchy(const cgroup::Mounts& mounts) {
  if (mounts.has_v1) return v1_only;
  return "no cgroup2 file system is mounted; mount one at /sys/fs/cgroup, or set --path.cgroupfs "
         "to its directory";
}

// The mount that sees most of the hierarchy and is not covered by another mount.
base::Dir open_mounted(const base::Dir& procfs, const std::string& procfs_path, base::Log& log) {
  const auto mounts = cgroup::read_mounts(procfs);
  if (!mounts)
    throw std::runtime_error(procfs_path + "/self/mountinfo: " + mounts.error().message());
  for (const auto& mount : mounts->v2) {
    auto dir = base::Dir::open(mount.point);
    const auto magic = dir ? dir->filesystem_magic() : base::Result<std::int64_t>(dir.error());
    if (!magic || *magic != CGROUP2_SUPER_MAGIC) continue;
    log.info("found the cgroup2 hierarchy",
             {{"mount", mount.point}, {"root", mount.root}, {"options", mount.options}});
    if (!mounts->v1_controllers.empty()) {
      log.warn(
          "hybrid hierarchy: these controllers are in cgroup v1, so their metrics are missing",
          {{"controllers", join(mounts->v1_controllers)},
           {"hint", "boot with systemd.unified_cgroup_hierarchy=1 to have them in cgroup v2"}});
    }
    return std::move(*dir);
  }
  throw std::runtime_error(missing_hierarchy(*mounts));
}

// What is at the directory that was named, if it is no hierarchy, and what cures that.
std::string what_is_there(const base::Dir& procfs, const std::string& path) {
  const auto read = cgroup::read_mounts(procfs);
  const auto mounts = read ? *read : cgroup::Mounts{};
  for (const auto& mount : mounts.v2) {
    if (mount.point.starts_with(path + '/'))
      return "this host has a hybrid hierarchy: use --path.cgroupfs=" + mount.point;
  }
  if (mounts.has_v1) return v1_only;
  return "not a cgroup v2 hierarchy; mount the host's hierarchy there";
}

void require_readable(const base::Dir& root, const base::Dir& procfs, const std::string& path) {
  const int error = root.list([](const base::DirEntry&) {});
  if (error != 0)
    throw std::runtime_error("cannot read the root of the hierarchy, --path.cgroupfs=" + path +
                             ": " + std::strerror(error));
  std::vector<char> buffer(4096);
  const auto controllers = root.read_at("cgroup.controllers", buffer);
  if (!controllers) {
    throw std::runtime_error("--path.cgroupfs=" + path + ": " + what_is_there(procfs, path) +
                             " (cgroup.controllers: " + controllers.error().message() + ")");
  }
}

}  // namespace

snapshot::Roots open_roots(const config::Config::Path& path, base::Log& log) {
  snapshot::Roots roots;
  roots.procfs = open_or_throw(path.procfs, "--path.procfs");
  roots.cgroupfs = path.cgroupfs == "auto" ? open_mounted(roots.procfs, path.procfs, log)
                                           : open_or_throw(path.cgroupfs, "--path.cgroupfs");
  require_readable(roots.cgroupfs, roots.procfs, path.cgroupfs);
  roots.rootfs = open_or_throw(path.rootfs, "--path.rootfs");
  if (const int refusal = base::openat2_refusal(roots.rootfs); refusal != 0) {
    log.info("openat2 is not permitted: paths are resolved step by step, with more system calls",
             {{"error", base::errno_name(refusal)},
              {"hint", "allow openat2 in the seccomp profile, as newer runtimes do by default"}});
  }
  if (auto sysfs = base::Dir::open(path.sysfs)) {
    roots.sysfs = std::move(*sysfs);
  } else {
    log.warn("no sysfs: devices are labelled by number",
             {{"path", path.sysfs}, {"error", sysfs.error().message()}});
  }
  return roots;
}

}  // namespace cgroup2::app
