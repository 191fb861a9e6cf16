// SPDX-License-Identifier: Apache-2.0
// Names: what the files that runtimes and the kubelet leave say of a container or a pod. Files are
// read below the host's root, without a runtime's socket and without the Kubernetes API.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identity/paths.h"

namespace cgroup2::identity {

/// Raw text of the files. Empty: not said.
struct Names {
  std::string namespace_name{};  ///< of Kubernetes
  std::string pod{};
  std::string pod_uid{};
  std::string container{};  ///< in its pod, or the one that a user gave to it
  std::string image{};
  std::string machine{};  ///< as systemd-machined registered it
  std::string runtime{};  ///< for paths that do not tell
  bool is_sandbox = false;
  std::string sandbox_id{};           ///< container id of its pod's sandbox
  std::string hostname{};             ///< of the container's configuration
  std::vector<std::string> labels{};  ///< of the runtime, in the order in which they are asked for

  friend bool operator==(const Names&, const Names&) = default;
};

/// Takes over what `names` does not say yet.
void fill(Names& names, const Names& more);

/// Cuts every text to 1,024 bytes at most. No name is as long, but users may write any text into
/// their own files, and it would be on every series.
void shorten(Names& names);

/// Whose names are wanted.
struct Question {
  PathIdentity owner;
  std::string path;  ///< of the cgroup, below the mount
};

/// What became of a look into a source. The words appear in
/// cgroup_exporter_identity_lookups_total{result}.
enum class Lookup {
  found,
  absent,  ///< nothing there
  denied,  ///< a right is missing
  failed,  ///< there, but not to be read or not to be understood
};
inline constexpr std::size_t lookup_count = 4;

/// "found", "absent", "denied", "failed".
[[nodiscard]] std::string_view to_string(Lookup lookup);

/// What two looks gave together: `found` if one of them did, else the worse.
[[nodiscard]] Lookup both(Lookup a, Lookup b);

/// Of an errno: ENOENT and ENOTDIR are absences.
[[nodiscard]] Lookup lookup_of(int code);

}  // namespace cgroup2::identity
