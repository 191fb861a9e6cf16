// SPDX-License-Identifier: Apache-2.0
#include "oom/pending_opens.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::size_t max_early_events = 65'536;

}  // namespace

std::shared_ptr<PendingOpen> PendingOpens::begin(std::string path, std::uint64_t id,
                                                 std::uint64_t parent) {
  if (by_path_.contains(path)) return nullptr;
  auto pending = std::make_shared<PendingOpen>();
  pending->path = path;
  pending->id = id;
  pending->parent = parent;
  pending_.insert(pending);
  by_path_.emplace(std::move(path), pending);
  return pending;
}

void PendingOpens::end(const std::shared_ptr<PendingOpen>& pending) {
  pending_.erase(pending);
  const auto current = by_path_.find(pending->path);
  if (current != by_path_.end() && current->second == pending) by_path_.erase(current);
}

void PendingOpens::note_removal(const std::string& path, PendingOpen::TimePoint at) {
  const auto pending = by_path_.find(path);
  if (pending == by_path_.end()) return;
  pending->second->gone = at;
  pending->second->is_gone = true;
  by_path_.erase(pending);
}

std::size_t PendingOpens::observed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(pending_, [](const auto& pending) { return pending->id != 0; }));
}

std::vector<std::uint64_t> PendingOpens::parents() const {
  std::vector<std::uint64_t> ids;
  for (const auto& pending : pending_) {
    if (pending->id == 0) ids.push_back(pending->parent);
  }
  return ids;
}

void PendingOpens::keep(EarlyEvent event) {
  if (!pending_.empty() && early_.size() < max_early_events) early_.push_back(std::move(event));
}

std::vector<EarlyEvent> PendingOpens::take_early(int watch) {
  const auto is_of_another = [&](const EarlyEvent& event) { return event.watch != watch; };
  const auto of_it = std::stable_partition(early_.begin(), early_.end(), is_of_another);
  std::vector<EarlyEvent> taken(std::make_move_iterator(of_it),
                                std::make_move_iterator(early_.end()));
  early_.erase(of_it, early_.end());
  return taken;
}

void PendingOpens::forget_if_empty() {
  if (!pending_.empty()) return;
  early_.clear();
  finished_.clear();
}

}  // namespace cgroup2::oom
