// SPDX-License-Identifier: Apache-2.0
#include "identity/log_links.h"

#include <algorithm>
#include <cerrno>
#include <set>

#include "identity/components.h"
#include "identity/pod_logs.h"

namespace cgroup2::identity {
namespace {

constexpr const char* links_directory = "var/log/containers";
constexpr std::size_t min_id_length = 12;  // as people abbreviate ids
constexpr std::size_t max_name = 255;      // NAME_MAX

// ".../NAMESPACE_POD_UID/CONTAINER/RESTARTS.log"
std::optional<LogLink> parse_target(std::string_view target) {
  const auto file = target.rfind('/');
  if (file == std::string_view::npos || file == 0 || !target.ends_with(".log")) return std::nullopt;
  const auto container = target.rfind('/', file - 1);
  if (container == std::string_view::npos || container == 0) return std::nullopt;
  const auto pod = target.rfind('/', container - 1);
  const auto begin = pod == std::string_view::npos ? 0 : pod + 1;
  const auto directory = parse_pod_log_directory(target.substr(begin, container - begin));
  const auto name = target.substr(container + 1, file - container - 1);
  if (!directory || name.empty()) return std::nullopt;
  return LogLink{.pod = directory->pod,
                 .namespace_name = directory->namespace_name,
                 .container = name,
                 .pod_uid = directory->pod_uid,
                 .id = {}};
}

}  // namespace

std::optional<LogLink> parse_log_link(std::string_view name, std::string_view target) {
  auto link = parse_target(target);
  if (!link || !name.ends_with(".log")) return std::nullopt;
  const bool may_be_cut = name.size() == max_name;
  name.remove_suffix(4);
  std::string whole;
  for (const auto& part : {link->pod, link->namespace_name}) whole.append(part).append("_");
  whole.append(link->container).append("-");
  if (!name.starts_with(whole)) {
    if (!may_be_cut || !whole.starts_with(name)) return std::nullopt;
    return link;
  }
  link->id = name.substr(whole.size());
  if (!is_hex(link->id, link->id.size()) || link->id.size() > container_id_length)
    return std::nullopt;
  if (link->id.size() < container_id_length && !may_be_cut) return std::nullopt;
  return link;
}

std::optional<LookupResult> LogLinks::look(const NameQuery& query, Names& names) {
  const Workload& workload = query.workload;
  if (workload.pod_uid.empty() && !is_container_id(workload.container_id)) return std::nullopt;
  const LookupResult state = refresh();
  const LogLink* container = find_container(workload.container_id);
  const auto pod = by_uid_.find(uid_of_slice(workload.pod_uid));
  const LogLink* link = container != nullptr   ? container
                        : pod != by_uid_.end() ? pod->second
                                               : nullptr;
  if (link == nullptr) return state == LookupResult::found ? LookupResult::absent : state;
  fill(names, {.namespace_name = link->namespace_name,
               .pod = link->pod,
               .pod_uid = link->pod_uid,
               .container = container != nullptr ? link->container : base::SharedText()});
  return LookupResult::found;
}

const LogLink* LogLinks::find_container(std::string_view id) const {
  const auto whole = by_id_.find(id);
  if (whole != by_id_.end()) return whole->second;
  for (std::size_t left = cut_.empty() ? 0 : id.size(); left >= min_id_length; --left) {
    const auto cut = cut_.find(id.substr(0, left));
    if (cut != cut_.end()) return cut->second;
  }
  return nullptr;
}

LookupResult LogLinks::refresh() {
  const auto stamp = host_.stamp(links_directory);
  if (stamp && *stamp == stamp_) return state_;
  by_id_.clear();
  by_uid_.clear();
  cut_.clear();
  if (!stamp) {
    stamp_ = 0;
    links_.clear();
    state_ = result_of(stamp.error().code);
  } else {
    stamp_ = *stamp;
    std::set<std::string, std::less<>> present;
    const int error = host_.list(links_directory, max_log_entries,
                                 [&](std::string_view name) { present.emplace(name); });
    state_ = error == 0 || error == EFBIG ? LookupResult::found : result_of(error);
    bool is_whole = state_ != LookupResult::failed;
    std::erase_if(links_, [&](const auto& link) { return !present.contains(link.first); });
    for (const auto& name : present) {
      if (links_.contains(name)) continue;
      const auto target = host_.read_link(std::string(links_directory) + '/' + name);
      if (target) {
        links_.emplace(name, parse_log_link(name, *target));
      } else if (result_of(target.error().code) == LookupResult::failed) {
        is_whole = false;
      }
    }
    if (!is_whole) stamp_ = 0;  // for example out of descriptors: the next lookup tries again
  }
  for (const auto& [name, link] : links_) {
    if (!link) continue;
    by_uid_.try_emplace(uid_of_slice(link->pod_uid), &*link);
    if (link->id.size() == container_id_length) {
      by_id_.try_emplace(link->id, &*link);
    } else if (link->id.size() >= min_id_length) {
      cut_.try_emplace(link->id, &*link);
    }
  }
  return state_;
}

}  // namespace cgroup2::identity
