// SPDX-License-Identifier: Apache-2.0
// Machine: facts of the host that no cgroup has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cgroup2::machine {

/// A file system of the host and how full it is.
struct Filesystem {
  std::string
      device;  ///< as the mount table calls it ("/dev/sda1"); of a tmpfs where it is mounted
  std::uint64_t capacity = 0;  ///< bytes
  std::uint64_t free = 0;      ///< bytes, those for root alone too
  std::uint64_t inodes = 0;    ///< 0 where the file system does not count them
  std::uint64_t free_inodes = 0;

  friend bool operator==(const Filesystem&, const Filesystem&) = default;
};

/// What could not be read is 0, nothing or empty. Const once it was read.
struct Machine {
  std::uint64_t cpus = 0;                 ///< logical, online
  std::uint64_t cores = 0;                ///< physical, of the online CPUs
  std::uint64_t sockets = 0;              ///< of the online CPUs
  std::optional<std::uint64_t> memory{};  ///< bytes
  std::optional<std::uint64_t> swap{};    ///< bytes
  std::string machine_id{};               ///< of /etc/machine-id
  std::string system_uuid{};  ///< of the firmware, else the machine_id; only root may read it
  std::string boot_id{};
  std::string kernel{};  ///< its release, "6.12.95+deb12-amd64"
  std::string system{};  ///< the distribution and its version
  std::vector<Filesystem> filesystems{};

  friend bool operator==(const Machine&, const Machine&) = default;
};

}  // namespace cgroup2::machine
