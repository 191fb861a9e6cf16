// SPDX-License-Identifier: Apache-2.0
// PodLogs: reads the kubelet's directory of logs, where each pod has a directory that is called by
// the pod.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/rooted.h"
#include "base/shared_text.h"
#include "base/text.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// How many entries of a directory of logs are read. What comes after these has no names.
inline constexpr std::size_t max_log_entries = 50'000;

/// The names of a pod in the directory of its logs.
struct PodLogDirectory {
  base::SharedText namespace_name, pod, pod_uid;

  friend bool operator==(const PodLogDirectory&, const PodLogDirectory&) = default;
};

/// Parses a directory of /var/log/pods, NAMESPACE_POD_UID. Nothing for other forms.
[[nodiscard]] std::optional<PodLogDirectory> parse_pod_log_directory(std::string_view name);

/// Returns what the slice of a pod with this uid says: the kubelet writes "_" there for each "-",
/// and parse_kubepods() takes each "_" for a "-".
[[nodiscard]] base::SharedText uid_of_slice(const base::SharedText& uid);

/// Finds pods by their uid, also those that have no container yet. The directory, usually
/// /var/log/pods, is 0750. Belongs to one thread.
class PodLogs {
 public:
  /// Reads the kubelet's directory of logs, which may change. Both must outlive this.
  PodLogs(const base::Rooted& host, const std::string& directory)
      : host_(host), directory_(directory) {}

  /// Adds the names of the pod to `names`. Reads the directory if it changed since the last call.
  /// Nothing for a workload without a pod's uid, or if `names` has the pod.
  [[nodiscard]] std::optional<LookupResult> look(const NameQuery& query, Names& names);

 private:
  const base::Rooted& host_;
  const std::string& directory_;
  std::uint64_t stamp_ = 0;
  LookupResult state_ = LookupResult::absent;
  std::unordered_map<base::SharedText, PodLogDirectory, base::TextHash> by_uid_;
};

}  // namespace cgroup2::identity
