// SPDX-License-Identifier: Apache-2.0
// FakeHost: a Kubernetes node as files on tmpfs, as large as wanted. Shows what a poll costs us,
// without what the kernel's statistics cost.
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "snapshot/builder.h"

namespace cgroup2::bench {

/// Three of four cgroups are of pods (a pod's own and those of its two containers), the rest are
/// services. All have the files that a container had on a 6.12 kernel, with the same content, which
/// are hard links: 10,000 cgroups take no more memory than their directories.
class FakeHost {
 public:
  /// Makes `count` cgroups below the root, a process in each, and the links of the kubelet.
  explicit FakeHost(std::size_t count);
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;
  ~FakeHost();

  [[nodiscard]] std::size_t containers() const { return containers_; }
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] snapshot::Roots open() const;

 private:
  void add_pod(std::size_t number);
  void add_cgroup(const std::string& path, std::size_t network = 0);
  void add_process(std::size_t pid, std::size_t network);
  void write(const std::string& name, std::string_view content) const;

  std::filesystem::path root_;
  std::vector<std::filesystem::path> templates_;  // of the files of a cgroup
  std::size_t containers_ = 0;
  std::size_t last_pid_ = 1;
};

/// What is read without a configuration file.
[[nodiscard]] snapshot::Settings default_settings();

class SilentLog : public base::Log {
 public:
  void write(base::LogLevel, std::string_view,
             std::initializer_list<base::LogField>) noexcept override {}
};

}  // namespace cgroup2::bench
