// SPDX-License-Identifier: Apache-2.0
// Identity: whose a cgroup is and how its owner is called.
#pragma once

#include <optional>

#include "identity/names.h"
#include "identity/namespaces.h"
#include "identity/paths.h"
#include "identity/source.h"

namespace cgroup2::identity {

/// Everything known of a cgroup's owner. Const once it is handed out.
struct Identity {
  PathIdentity owner;  ///< container_id is "pidns:<inode>" and runtime "unknown" for a container
                       ///< that no runtime claims
  Source source = Source::none;  ///< who named it, or else who knew it
  Names names;                   ///< of a pod's own cgroup and of its sandbox without a container
  std::optional<Namespaces> namespaces;  ///< of the process that was asked; nothing if there is
                                         ///< none or it may not be read

  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace cgroup2::identity
