// SPDX-License-Identifier: Apache-2.0
// Identity: what a cgroup is or belongs to, and how that is called.
#pragma once

#include <cstdint>
#include <optional>

#include "base/shared_text.h"
#include "identity/names.h"
#include "identity/namespaces.h"
#include "identity/runtimes.h"
#include "identity/workload.h"

namespace cgroup2::identity {

/// Everything known of a cgroup's workload. Const once the resolver has returned it.
struct Identity {
  /// container_id is "pidns:<inode>" and runtime Runtime::unknown for a container that only its pid
  /// namespace shows.
  Workload workload;
  IdentitySource source = IdentitySource::none;  ///< of the names, or else of the workload
  /// Whose own service manager or service made the cgroup: the user's name, or the uid if the
  /// host's /etc/passwd has none. Empty: nobody's, the system's. With a user, the ids and names
  /// above and below are that user's to choose.
  base::SharedText user{};
  Names names;  ///< those of a pod's own cgroup and of its sandbox have no container
  /// The name of the innermost container, where that is inside of another one (see Workload). Who
  /// is in there chose it.
  base::SharedText nested_name{};
  /// Whether it is a container that has no name and may still get one.
  bool may_get_name = false;
  /// Of a process of the cgroup; nothing if it has none or none may be read.
  std::optional<Namespaces> namespaces;
  /// When its first process began, in clock ticks since the boot; nothing until one could be read.
  /// Stays what it was first, also when that process is gone.
  std::optional<std::uint64_t> first_start{};

  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace cgroup2::identity
