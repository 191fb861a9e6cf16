// SPDX-License-Identifier: Apache-2.0
#include "oom/search.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::size_t most_early_events = 65'536;

}  // namespace

std::shared_ptr<Sought> Search::begin(std::string path, std::uint64_t parent) {
  if (by_path_.contains(path)) return nullptr;
  auto sought = std::make_shared<Sought>();
  sought->path = path;
  sought->parent = parent;
  sought_.insert(sought);
  by_path_.emplace(std::move(path), sought);
  return sought;
}

void Search::end(const std::shared_ptr<Sought>& sought) {
  sought_.erase(sought);
  const auto current = by_path_.find(sought->path);
  if (current != by_path_.end() && current->second == sought) by_path_.erase(current);
}

void Search::note_removal(const std::string& path, Sought::Clock::time_point at) {
  const auto sought = by_path_.find(path);
  if (sought == by_path_.end()) return;
  sought->second->gone = at;
  sought->second->is_gone = true;
  by_path_.erase(sought);
}

std::vector<std::uint64_t> Search::parents() const {
  std::vector<std::uint64_t> ids;
  ids.reserve(sought_.size());
  for (const auto& sought : sought_) ids.push_back(sought->parent);
  return ids;
}

void Search::keep(EarlyEvent event) {
  if (!is_over() && early_.size() < most_early_events) early_.push_back(std::move(event));
}

std::vector<EarlyEvent> Search::take_early(int watch) {
  const auto is_of_another = [&](const EarlyEvent& event) { return event.watch != watch; };
  const auto of_it = std::stable_partition(early_.begin(), early_.end(), is_of_another);
  std::vector<EarlyEvent> taken(std::make_move_iterator(of_it),
                                std::make_move_iterator(early_.end()));
  early_.erase(of_it, early_.end());
  return taken;
}

void Search::forget() {
  if (!is_over()) return;
  early_.clear();
  finished_.clear();
}

}  // namespace cgroup2::oom
