// SPDX-License-Identifier: Apache-2.0
#include "identity/pod_logs.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace cgroup2::identity {

// No name of Kubernetes holds an underscore, but the uid that the file of a static pod states may.
std::optional<PodLogDirectory> parse_pod_log_directory(std::string_view name) {
  const auto first = name.find('_');
  const auto second = first == std::string_view::npos ? first : name.find('_', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto namespace_name = name.substr(0, first);
  const auto pod = name.substr(first + 1, second - first - 1);
  const auto pod_uid = name.substr(second + 1);
  if (namespace_name.empty() || pod.empty() || pod_uid.empty()) return std::nullopt;
  return PodLogDirectory{.namespace_name = namespace_name, .pod = pod, .pod_uid = pod_uid};
}

base::SharedText uid_of_slice(const base::SharedText& uid) {
  if (uid.view().find('_') == std::string_view::npos) return uid;
  std::string of_slice(uid);
  std::ranges::replace(of_slice, '_', '-');
  return of_slice;
}

std::optional<LookupResult> PodLogs::look(const NameQuery& query, Names& names) {
  const base::SharedText& uid = query.workload.pod_uid;
  if (uid.empty() || !names.pod.empty()) return std::nullopt;
  const auto stamp = host_.stamp(directory_);
  if (!stamp) {
    by_uid_.clear();
    stamp_ = 0;
    return result_of(stamp.error().code);
  }
  if (*stamp != stamp_) {
    stamp_ = *stamp;
    by_uid_.clear();
    const int error = host_.list(directory_, max_log_entries, [&](std::string_view name) {
      if (auto found = parse_pod_log_directory(name)) {
        auto key = uid_of_slice(found->pod_uid);
        by_uid_.try_emplace(std::move(key), *std::move(found));
      }
    });
    state_ = error == 0 || error == EFBIG ? LookupResult::found : result_of(error);
    if (state_ == LookupResult::failed) stamp_ = 0;
  }
  const auto pod = by_uid_.find(uid_of_slice(uid));
  if (pod == by_uid_.end()) return state_ == LookupResult::found ? LookupResult::absent : state_;
  fill(names, {.namespace_name = pod->second.namespace_name, .pod = pod->second.pod});
  return LookupResult::found;
}

}  // namespace cgroup2::identity
