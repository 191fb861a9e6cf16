// SPDX-License-Identifier: Apache-2.0
#include "oom/watch_list.h"

#include <utility>

namespace cgroup2::oom {

Watched& WatchList::add(Watched watched) {
  if (Watched* const known = find(watched.cgroup.id)) {
    if (known->cgroup.generation != watched.cgroup.generation) {
      known->events = std::move(watched.events);
      known->cgroup.generation = watched.cgroup.generation;
      known->last = watched.last;
      known->last_event = watched.last_event;
    }
    if (known->watch != watched.watch) {
      by_watch_.erase(known->watch);
      known->watch = watched.watch;
      by_watch_[known->watch] = known;
    }
    return *known;
  }
  auto added = std::make_unique<Watched>(std::move(watched));
  by_watch_[added->watch] = added.get();
  by_path_.erase(added->path);  // with the key, which belongs to another of that path
  by_path_.emplace(added->path, added.get());
  return *(by_id_[added->cgroup.id] = std::move(added));
}

Watched WatchList::take_out(std::uint64_t id) {
  const auto at = by_id_.find(id);
  const auto named = by_path_.find(at->second->path);
  if (named != by_path_.end() && named->second == at->second.get()) by_path_.erase(named);
  Watched watched = std::move(*at->second);
  by_watch_.erase(watched.watch);
  by_id_.erase(at);
  return watched;
}

Watched* WatchList::find(std::uint64_t id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second.get();
}

Watched* WatchList::find_watch(int watch) const {
  const auto at = by_watch_.find(watch);
  return at == by_watch_.end() ? nullptr : at->second;
}

Watched* WatchList::find_path(std::string_view path) const {
  const auto at = by_path_.find(path);
  return at == by_path_.end() ? nullptr : at->second;
}

}  // namespace cgroup2::oom
