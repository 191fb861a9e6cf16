// SPDX-License-Identifier: Apache-2.0
// MachineReader: reads the facts of the host, once a minute at most.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/dir.h"
#include "base/read_errors.h"
#include "base/rooted.h"
#include "base/time.h"
#include "machine/machine.h"
#include "machine/statfs.h"
#include "machine/topology.h"

namespace cgroup2::machine {

/// Belongs to one thread. `errors` must outlive it.
class MachineReader {
 public:
  /// The directories are those of the host; sysfs and rootfs may be closed. `ask` asks file
  /// systems.
  MachineReader(base::Dir procfs, base::Dir sysfs, base::Dir rootfs, AskFilesystems ask,
                base::ReadErrors& errors);

  /// Returns the facts: the same object while nothing changes. Without the host's own
  /// /etc/machine-id below its root, or its mounts in this mount namespace, these are absent, which
  /// is no error.
  [[nodiscard]] std::shared_ptr<const Machine> refresh(base::TimePoint now);

 private:
  [[nodiscard]] Machine read();
  void read_memory(Machine& machine);
  [[nodiscard]] std::string read_uuid(const std::string& machine_id) const;
  [[nodiscard]] std::vector<Filesystem> read_filesystems();

  base::Dir procfs_;
  base::Dir sysfs_;
  base::Dir root_directory_;
  base::Rooted root_;
  AskFilesystems ask_;
  base::ReadErrors& errors_;
  Topology topology_;
  std::optional<base::TimePoint> read_;
  std::shared_ptr<const Machine> machine_;
};

}  // namespace cgroup2::machine
