// SPDX-License-Identifier: Apache-2.0
#include "bench/real_host.h"

#include <unistd.h>

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "cgroup/mount.h"

namespace cgroup2::bench {

namespace fs = std::filesystem;

RealHost::RealHost(std::size_t count) {
  const auto procfs = base::Dir::open("/proc");
  const auto mounts = procfs ? cgroup::read_mounts(*procfs) : procfs.error();
  if (!mounts || mounts->v2.empty()) return;
  root_ = fs::path(mounts->v2.front().point) / ("cgroup2_bench." + std::to_string(::getpid()));
  const auto make = [&](const fs::path& path) {
    std::error_code error;
    if (!fs::create_directory(path, error)) return false;
    made_.push_back(path);
    return true;
  };
  is_made_ = make(root_);
  for (std::size_t i = 0; is_made_ && i < count; ++i) is_made_ = make(root_ / std::to_string(i));
}

RealHost::~RealHost() {
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) ::rmdir(path->c_str());
}

snapshot::Roots RealHost::open() const {
  auto cgroupfs = base::Dir::open(root_.string());
  auto procfs = base::Dir::open("/proc");
  if (!cgroupfs || !procfs) throw std::runtime_error("the cgroups that were made are not there");
  return {std::move(*cgroupfs), std::move(*procfs), base::Dir(), base::Dir()};
}

}  // namespace cgroup2::bench
