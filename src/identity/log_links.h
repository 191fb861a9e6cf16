// SPDX-License-Identifier: Apache-2.0
// LogLinks: reads the links that the kubelet makes to the logs of containers. They have all names,
// and everybody can read them: /var/log/containers is 0755, and a link's target is read without
// following it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/rooted.h"
#include "base/shared_text.h"
#include "base/text.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// The names in a link.
struct LogLink {
  base::SharedText pod, namespace_name, container;
  base::SharedText pod_uid;
  base::SharedText id;  ///< 64 hex digits; fewer if the kubelet cut the name

  friend bool operator==(const LogLink&, const LogLink&) = default;
};

/// Parses a link and its target (k/k pkg/kubelet/kuberuntime/legacy.go):
///   POD_NAMESPACE_CONTAINER-ID.log -> /var/log/pods/NAMESPACE_POD_UID/CONTAINER/RESTARTS.log
/// The kubelet cuts a name to 251 bytes before it adds ".log"; the target has what is missing.
/// Nothing for other forms, and if name and target contradict each other.
[[nodiscard]] std::optional<LogLink> parse_log_link(std::string_view name, std::string_view target);

/// Finds containers by their id, and pods by their uid. Belongs to one thread.
class LogLinks {
 public:
  /// `host` must outlive this.
  explicit LogLinks(const base::Rooted& host) : host_(host) {}

  /// Adds the names of the container or pod to `names`. Reads the directory if it changed since the
  /// last call. Nothing for a workload without a container id and a pod's uid.
  [[nodiscard]] std::optional<LookupResult> look(const NameQuery& query, Names& names);

 private:
  [[nodiscard]] LookupResult refresh();
  [[nodiscard]] const LogLink* find_container(std::string_view id) const;

  const base::Rooted& host_;
  std::uint64_t stamp_ = 0;
  LookupResult state_ = LookupResult::absent;
  std::map<std::string, std::optional<LogLink>, std::less<>> links_;  // by file name
  std::unordered_map<base::SharedText, const LogLink*, base::TextHash> by_uid_;
  // Of links_, whose texts are the keys.
  std::unordered_map<std::string_view, const LogLink*> by_id_;
  std::unordered_map<std::string_view, const LogLink*> cut_;  // by what is left of the id
};

}  // namespace cgroup2::identity
