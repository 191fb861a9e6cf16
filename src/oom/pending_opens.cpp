// SPDX-License-Identifier: Apache-2.0
#include "oom/pending_opens.h"

#include <algorithm>
#include <iterator>

namespace cgroup2::oom {
namespace {

constexpr std::size_t max_early_events = 65'536;

}  // namespace

std::shared_ptr<PendingOpen> PendingOpens::begin(const base::SharedText& path, std::uint64_t id,
                                                 std::uint64_t parent) {
  if (by_path_.contains(path.view())) return nullptr;
  auto pending = std::make_shared<PendingOpen>();
  pending->path = path;
  pending->id = id;
  pending->parent = parent;
  pending->number = next_++;
  pending_.emplace(pending->number, pending);
  by_path_.emplace(std::string(path), pending);
  return pending;
}

void PendingOpens::end(const std::shared_ptr<PendingOpen>& pending) {
  pending_.erase(pending->number);
  const auto current = by_path_.find(pending->path.view());
  if (current != by_path_.end() && current->second == pending) by_path_.erase(current);
}

void PendingOpens::note_removal(const std::string& path, base::TimePoint at) {
  const auto pending = by_path_.find(path);
  if (pending == by_path_.end()) return;
  pending->second->gone = at;
  pending->second->is_gone = true;
  by_path_.erase(pending);
}

std::size_t PendingOpens::observed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(pending_, [](const auto& each) { return each.second->id != 0; }));
}

bool PendingOpens::note_observed(std::string_view path, std::uint64_t report) {
  const auto pending = by_path_.find(path);
  const bool is_pending = pending != by_path_.end();
  if (is_pending) pending->second->observed_in = report;
  return is_pending;
}

std::vector<std::uint64_t> PendingOpens::parents_of_unobserved(std::uint64_t report) const {
  std::vector<std::uint64_t> ids;
  for (const auto& [number, pending] : pending_) {
    if (pending->id == 0 || pending->observed_in != report) ids.push_back(pending->parent);
  }
  return ids;
}

void PendingOpens::keep(EarlyEvent event) {
  event.number = next_;
  if (!pending_.empty() && early_.size() < max_early_events) early_.push_back(std::move(event));
}

std::vector<EarlyEvent> PendingOpens::take_early(int watch) {
  std::vector<EarlyEvent> taken;
  std::ranges::copy_if(early_, std::back_inserter(taken),
                       [&](const EarlyEvent& event) { return event.watch == watch; });
  std::erase_if(early_, [&](const EarlyEvent& event) { return event.watch == watch; });
  return taken;
}

void PendingOpens::note_finished(std::uint64_t id) {
  if (pending_.empty()) return;
  finished_[id] = next_;
  finished_order_.emplace_back(next_, id);
}

void PendingOpens::forget() {
  const auto oldest = pending_.empty() ? next_ : pending_.begin()->first;
  while (!early_.empty() && early_.front().number <= oldest) early_.pop_front();
  for (; !finished_order_.empty() && finished_order_.front().first <= oldest;
       finished_order_.pop_front()) {
    const auto finished = finished_.find(finished_order_.front().second);
    if (finished != finished_.end() && finished->second <= oldest) finished_.erase(finished);
  }
}

}  // namespace cgroup2::oom
