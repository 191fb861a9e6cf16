// SPDX-License-Identifier: Apache-2.0
// Host: the namespaces that ordinary processes live in, to tell a container from them.
#pragma once

#include "base/dir.h"
#include "identity/namespaces.h"

namespace cgroup2::identity {

/// Starts with the numbers that the kernel fixes for its initial namespaces; up to 6.14 it fixes
/// none for mnt and net, so these stay 0, which differs from nothing.
class Host {
 public:
  Host();

  /// Reads <procfs>/1, or <procfs>/2 if that is kthreadd, and returns whether this told something
  /// new. What may not be read leaves everything as it is.
  bool read(const base::Dir& procfs);

  [[nodiscard]] bool is_read() const { return is_read_; }

  /// Whether this namespace is surely another one than the host's. Unknown on either side: false.
  [[nodiscard]] bool differs(const Namespaces& namespaces, Namespace which) const;

 private:
  Namespaces namespaces_;
  bool is_read_ = false;
};

}  // namespace cgroup2::identity
