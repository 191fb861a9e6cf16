// SPDX-License-Identifier: Apache-2.0
// LogLinks: the links that the kubelet makes to the logs of containers, which hold all names and
// can be read by everybody: /var/log/containers is 0755, and a link's target is read without
// following it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/rooted.h"
#include "base/text.h"
#include "identity/name_source.h"

namespace cgroup2::identity {

/// What a link says of its container.
struct LogLink {
  std::string pod, namespace_name, container;
  std::string pod_uid;
  std::string id;  ///< 64 hex digits; fewer if the name was too long

  friend bool operator==(const LogLink&, const LogLink&) = default;
};

/// Parses a link and its target (k/k pkg/kubelet/kuberuntime/legacy.go):
///   POD_NAMESPACE_CONTAINER-ID.log -> /var/log/pods/NAMESPACE_POD_UID/CONTAINER/RESTARTS.log
/// The kubelet cuts a name to 251 bytes before it adds ".log"; what is missing then comes from the
/// target. Nothing for other forms, and where the two contradict each other.
[[nodiscard]] std::optional<LogLink> parse_log_link(std::string_view name, std::string_view target);

/// Parses a directory of /var/log/pods, NAMESPACE_POD_UID; container and id stay empty.
[[nodiscard]] std::optional<LogLink> parse_pod_log_directory(std::string_view name);

/// Answers for containers by their id, and for pods by their uid.
class LogLinks final : public NameSource {
 public:
  /// `host` must outlive this.
  explicit LogLinks(const base::Rooted& host) : host_(host) {}

  [[nodiscard]] std::optional<Lookup> look(const Question& question, Names& names) override;

 private:
  [[nodiscard]] Lookup refresh();
  [[nodiscard]] const LogLink* find_container(std::string_view id) const;

  const base::Rooted& host_;
  std::uint64_t stamp_ = 0;
  Lookup state_ = Lookup::absent;
  std::map<std::string, std::optional<LogLink>, std::less<>> links_;  // by file name
  std::unordered_map<std::string, const LogLink*, base::TextHash, std::equal_to<>> by_id_;
  std::unordered_map<std::string, const LogLink*, base::TextHash, std::equal_to<>> by_uid_;
  std::unordered_map<std::string, const LogLink*, base::TextHash, std::equal_to<>>
      cut_;  // by what is left of the id
};

/// Answers for pods by their uid, also of those that have no container yet. /var/log/pods is 0750.
class PodLogs final : public NameSource {
 public:
  /// `host` must outlive this.
  explicit PodLogs(const base::Rooted& host) : host_(host) {}

  [[nodiscard]] std::optional<Lookup> look(const Question& question, Names& names) override;

 private:
  const base::Rooted& host_;
  std::uint64_t stamp_ = 0;
  Lookup state_ = Lookup::absent;
  std::unordered_map<std::string, LogLink> by_uid_;
};

}  // namespace cgroup2::identity
