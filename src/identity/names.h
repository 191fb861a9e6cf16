// SPDX-License-Identifier: Apache-2.0
// Names: how a container or a pod is called by the files of runtimes and of the kubelet. They are
// read below the host's root, without a runtime's socket and without the Kubernetes API.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/shared_text.h"
#include "identity/workload.h"

namespace cgroup2::identity {

/// Raw text of the files. An empty string means that no file has it.
struct Names {
  base::SharedText namespace_name{};  ///< of Kubernetes
  base::SharedText pod{};
  base::SharedText pod_uid{};
  base::SharedText container{};  ///< in its pod, or the one that a user gave to it
  base::SharedText image{};
  base::SharedText machine{};       ///< as systemd-machined registered it
  Runtime runtime = Runtime::none;  ///< where the path does not have it
  bool is_sandbox = false;
  base::SharedText sandbox_id{};  ///< container id of its pod's sandbox
  base::SharedText hostname{};    ///< of the container's configuration
  std::vector<base::SharedText>
      labels{};  ///< of the runtime, in the order in which they are asked for

  friend bool operator==(const Names&, const Names&) = default;
};

/// Copies from `more` what `names` does not have.
void fill(Names& names, const Names& more);

/// Cuts every text to at most 1,024 bytes. Real names are shorter, but users may write any text
/// into their own files, and it would be on every series.
void shorten(Names& names);

/// The container or pod whose names are looked up.
struct NameQuery {
  Workload workload;
  base::SharedText path;  ///< of a cgroup of the workload, below the mount
  base::SharedText
      user{};  ///< uid of who chose its name: only this user's files count; empty: root
};

/// The result of a lookup in a source. The words appear in
/// cgroup_exporter_identity_lookups_total{result}.
enum class LookupResult {
  found,
  absent,  ///< nothing there
  denied,  ///< a right is missing
  failed,  ///< there, but it cannot be read or parsed
  count,   ///< how many there are
};
inline constexpr auto lookup_result_count = static_cast<std::size_t>(LookupResult::count);

/// Returns "found", "absent", "denied" or "failed".
[[nodiscard]] std::string_view to_string(LookupResult result);

/// Joins the results of two lookups: `found` if one of them is, else the worse.
[[nodiscard]] LookupResult joined(LookupResult a, LookupResult b);

/// Returns what an errno means: ENOENT and ENOTDIR are absences.
[[nodiscard]] LookupResult result_of(int code);

}  // namespace cgroup2::identity
