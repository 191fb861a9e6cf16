// SPDX-License-Identifier: Apache-2.0
#include "identity/log_links.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "identity/components.h"

namespace cgroup2::identity {
namespace {

constexpr const char* links_directory = "var/log/containers";
constexpr std::size_t max_links = 50'000;
constexpr std::size_t min_id_length = 12;  // as people abbreviate ids
constexpr std::size_t max_name = 255;      // NAME_MAX

// "a_b_c" -> {a, b, c}: no name of Kubernetes holds an underscore, but the uid that the file of a
// static pod states may.
std::optional<std::array<std::string_view, 3>> split_at_underscores(std::string_view text) {
  const auto first = text.find('_');
  const auto second = first == std::string_view::npos ? first : text.find('_', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  std::array parts{text.substr(0, first), text.substr(first + 1, second - first - 1),
                   text.substr(second + 1)};
  for (const auto part : parts) {
    if (part.empty()) return std::nullopt;
  }
  return parts;
}

// Returns what the slice of a pod with this uid says: the kubelet writes "_" there for each "-",
// and parse_kubepods() takes each "_" for a "-".
base::SharedText uid_of_slice(const base::SharedText& uid) {
  if (uid.view().find('_') == std::string_view::npos) return uid;
  std::string of_slice(uid);
  std::ranges::replace(of_slice, '_', '-');
  return of_slice;
}

// ".../NAMESPACE_POD_UID/CONTAINER/RESTARTS.log"
std::optional<LogLink> parse_target(std::string_view target) {
  const auto file = target.rfind('/');
  if (file == std::string_view::npos || file == 0 || !target.ends_with(".log")) return std::nullopt;
  const auto container = target.rfind('/', file - 1);
  if (container == std::string_view::npos || container == 0) return std::nullopt;
  const auto pod = target.rfind('/', container - 1);
  const auto begin = pod == std::string_view::npos ? 0 : pod + 1;
  auto link = parse_pod_log_directory(target.substr(begin, container - begin));
  if (!link) return std::nullopt;
  link->container = target.substr(container + 1, file - container - 1);
  return link->container.empty() ? std::nullopt : link;
}

}  // namespace

std::optional<LogLink> parse_pod_log_directory(std::string_view name) {
  const auto parts = split_at_underscores(name);
  if (!parts) return std::nullopt;
  LogLink link;
  link.namespace_name = (*parts)[0];
  link.pod = (*parts)[1];
  link.pod_uid = (*parts)[2];
  return link;
}

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

std::optional<Lookup> LogLinks::look(const NameQuery& query, Names& names) {
  const Workload& owner = query.owner;
  if (owner.pod_uid.empty() && !is_container_id(owner.container_id)) return std::nullopt;
  const Lookup state = refresh();
  const LogLink* container = find_container(owner.container_id);
  const auto pod = by_uid_.find(uid_of_slice(owner.pod_uid));
  const LogLink* link = container != nullptr   ? container
                        : pod != by_uid_.end() ? pod->second
                                               : nullptr;
  if (link == nullptr) return state == Lookup::found ? Lookup::absent : state;
  fill(names, {.namespace_name = link->namespace_name,
               .pod = link->pod,
               .pod_uid = link->pod_uid,
               .container = container != nullptr ? link->container : base::SharedText()});
  return Lookup::found;
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

Lookup LogLinks::refresh() {
  const auto stamp = host_.stamp(links_directory);
  if (stamp && *stamp == stamp_) return state_;
  by_id_.clear();
  by_uid_.clear();
  cut_.clear();
  if (!stamp) {
    stamp_ = 0;
    links_.clear();
    state_ = lookup_of(stamp.error().code);
  } else {
    stamp_ = *stamp;
    std::set<std::string, std::less<>> present;
    const int error = host_.list(links_directory, max_links,
                                 [&](std::string_view name) { present.emplace(name); });
    state_ = error == 0 || error == EFBIG ? Lookup::found : lookup_of(error);
    bool is_whole = state_ != Lookup::failed;
    std::erase_if(links_, [&](const auto& link) { return !present.contains(link.first); });
    for (const auto& name : present) {
      if (links_.contains(name)) continue;
      const auto target = host_.read_link(std::string(links_directory) + '/' + name);
      if (target) {
        links_.emplace(name, parse_log_link(name, *target));
      } else if (lookup_of(target.error().code) == Lookup::failed) {
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

std::optional<Lookup> PodLogs::look(const NameQuery& query, Names& names) {
  const base::SharedText& uid = query.owner.pod_uid;
  if (uid.empty() || !names.pod.empty()) return std::nullopt;
  const auto stamp = host_.stamp(directory_);
  if (!stamp) {
    by_uid_.clear();
    stamp_ = 0;
    return lookup_of(stamp.error().code);
  }
  if (*stamp != stamp_) {
    stamp_ = *stamp;
    by_uid_.clear();
    const int error = host_.list(directory_, max_links, [&](std::string_view name) {
      if (auto link = parse_pod_log_directory(name)) {
        auto key = uid_of_slice(link->pod_uid);
        by_uid_.try_emplace(std::move(key), *std::move(link));
      }
    });
    state_ = error == 0 || error == EFBIG ? Lookup::found : lookup_of(error);
    if (state_ == Lookup::failed) stamp_ = 0;
  }
  const auto pod = by_uid_.find(uid_of_slice(uid));
  if (pod == by_uid_.end()) return state_ == Lookup::found ? Lookup::absent : state_;
  fill(names, {.namespace_name = pod->second.namespace_name, .pod = pod->second.pod});
  return Lookup::found;
}

}  // namespace cgroup2::identity
