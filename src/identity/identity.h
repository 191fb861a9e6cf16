// SPDX-License-Identifier: Apache-2.0
// Identity: whose a cgroup is and how its owner is called.
#pragma once

#include <optional>
#include <string>

#include "identity/names.h"
#include "identity/namespaces.h"
#include "identity/runtimes.h"
#include "identity/workload.h"

namespace cgroup2::identity {

/// Everything known of a cgroup's owner. Const once the resolver has returned it.
struct Identity {
  /// container_id is "pidns:<inode>" and runtime Runtime::unknown for a container that only its pid
  /// namespace shows.
  Workload owner;
  IdentitySource source = IdentitySource::none;  ///< of the names, or else of the owner
  /// Whose own service manager or service made the cgroup: the user's name, or the uid if the
  /// host's /etc/passwd has none. Empty: nobody's, the system's. With a user, the ids and names
  /// above and below are that user's to choose.
  std::string user{};
  Names names;  ///< those of a pod's own cgroup and of its sandbox have no container
  /// Of a process of the cgroup; nothing if it has none or none may be read.
  std::optional<Namespaces> namespaces;

  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace cgroup2::identity
