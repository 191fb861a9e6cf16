// SPDX-License-Identifier: Apache-2.0
// It does not go back and forth: a cgroup is dropped for one of a stronger class, or of a subtree
// that is smaller even with the new one. So what was dropped may never come back for what displaced
// it.
#include "cgroup/fair_share.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/cgroup_path.h"
#include "cgroup/tree.h"

namespace cgroup2::cgroup {

FairShare::FairShare()
    : find_([](const base::Subtree&, std::string_view) { return base::Subtree(); }) {}

void FairShare::begin(Node& root, bool is_last) {
  std::erase_if(subtrees_, [](const auto& entry) { return entry.second.weight == 0; });
  for (auto& [top, use] : subtrees_) use.dropped = 0;
  root_ = &root;
  const auto top = subtrees_.try_emplace("/").first;
  top->second.top = top->first;
  root.subtree = {&top->second, false, true};
  smallest_dropped_ = std::numeric_limits<std::size_t>::max();
  is_last_ = is_last;
  has_dropped_known_ = false;
  has_members_ = false;
  largest_ = nullptr;
}

SubtreeOfNode FairShare::subtree_of_child(const Node& parent, std::string_view name) {
  if (parent.subtree.is_closed) return {parent.subtree.use, true, false};
  const SubtreeUse& above = *parent.subtree.use;
  const std::string path = base::child_path(parent.path, name);
  const auto subtree = find_({above.consumer_class, above.top, false}, path);
  auto known = subtrees_.find(subtree.top);
  if (known == subtrees_.end()) {
    known = subtrees_.try_emplace(std::string(subtree.top)).first;
    known->second.consumer_class = subtree.consumer_class;
    known->second.top = known->first;
  }
  return {&known->second, subtree.is_closed, !subtree.is_closed && subtree.top == path};
}

bool FairShare::admit(const SubtreeOfNode& subtree, std::size_t path_size) {
  const std::size_t weight = weight_of(path_size);
  if (weight_ + weight <= max_weight_ || make_room(subtree, weight)) return true;
  ++subtree.use->dropped;
  smallest_dropped_ = std::min(smallest_dropped_, weight);
  return false;
}

void FairShare::add(Node& node) {
  const std::size_t weight = weight_of(node.path.size());
  weight_ += weight;
  node.subtree.use->weight += weight;
  if (has_members_) node.subtree.use->members.push_back(&node);
  largest_ = nullptr;
}

void FairShare::remove(Node& node) {
  if (!node.is_leaving) set_leaving(node, true);
}

void FairShare::shrink() {
  if (is_last_) return;
  for (const bool takes_tops : {false, true}) {
    if (weight_ <= max_weight_) return;
    takes_tops_ = takes_tops;
    list_all_members();
    while (weight_ > max_weight_) {
      SubtreeUse* const largest = find_largest();
      if (largest == nullptr) break;
      Node* const leaf = take_leaf(*largest);
      if (leaf == nullptr) continue;
      set_leaving(*leaf, true);
      has_dropped_known_ = true;
    }
  }
  takes_tops_ = false;
}

std::vector<const SubtreeUse*> FairShare::dropped_by_subtree() const {
  std::vector<const SubtreeUse*> found;
  for (const auto& [top, use] : subtrees_) {
    if (use.dropped > 0) found.push_back(&use);
  }
  std::ranges::stable_sort(found, std::greater<>(), &SubtreeUse::dropped);
  return found;
}

std::size_t FairShare::weight_of(std::size_t path_size) { return std::max(path_size, min_weight); }

// Says whether cgroups of the largest subtree are dropped for one of `subtree`, which weighs so
// much. The top of a subtree of root's is needed by all that is below it, whoever that is.
bool FairShare::is_dropped_for(const SubtreeUse& largest, const SubtreeOfNode& subtree,
                               std::size_t weight) {
  const SubtreeUse& own = *subtree.use;
  const bool is_smaller = largest.weight > own.weight + weight;
  if (subtree.is_top) return is_smaller || largest.consumer_class == base::ConsumerClass::user;
  return largest.consumer_class == own.consumer_class ? is_smaller
                                                      : largest.consumer_class < own.consumer_class;
}

// Drops known cgroups until there is room for one of `subtree`. If there is not, they stay.
bool FairShare::make_room(const SubtreeOfNode& subtree, std::size_t weight) {
  dropped_for_.clear();
  if (is_last_) return false;
  while (weight_ + weight > max_weight_) {
    SubtreeUse* const largest = find_largest();
    if (largest == nullptr || !is_dropped_for(*largest, subtree, weight)) break;
    Node* const leaf = take_leaf(*largest);
    if (leaf == nullptr) continue;
    set_leaving(*leaf, true);
    dropped_for_.push_back(leaf);
  }
  const bool has_room = weight_ + weight <= max_weight_;
  if (!has_room) {
    for (; !dropped_for_.empty(); dropped_for_.pop_back()) {
      Node& leaf = *dropped_for_.back();
      set_leaving(leaf, false);
      leaf.subtree.use->members.push_back(&leaf);
    }
  }
  has_dropped_known_ = has_dropped_known_ || !dropped_for_.empty();
  return has_room;
}

// Looks only among the subtrees that have members that may be dropped.
SubtreeUse* FairShare::find_largest() {
  if (!has_members_) list_all_members();
  if (largest_ != nullptr) return largest_;
  for (auto& [top, use] : subtrees_) {
    if (use.members.empty()) continue;
    const bool is_before =
        largest_ == nullptr || use.consumer_class < largest_->consumer_class ||
        (use.consumer_class == largest_->consumer_class && use.weight > largest_->weight);
    if (is_before) largest_ = &use;
  }
  return largest_;
}

// Returns the last of the subtree that has nothing below it; nothing if there is none.
Node* FairShare::take_leaf(SubtreeUse& use) {
  while (!use.members.empty()) {
    Node* const node = use.members.back();
    use.members.pop_back();
    const bool is_leaf =
        std::ranges::all_of(node->children, [](const auto& child) { return child->is_leaving; });
    if (is_leaf && !node->is_leaving && (takes_tops_ || !node->subtree.is_top)) return node;
  }
  largest_ = nullptr;
  return nullptr;
}

void FairShare::list_all_members() {
  for (auto& [top, use] : subtrees_) use.members.clear();
  list_members(*root_);
  has_members_ = true;
  largest_ = nullptr;
}

void FairShare::list_members(Node& node) {
  for (const auto& child : node.children) {
    if (child->is_leaving) continue;
    child->subtree.use->members.push_back(child.get());
    list_members(*child);
  }
}

void FairShare::set_leaving(Node& node, bool is_leaving) {
  const std::size_t weight = weight_of(node.path.size());
  node.is_leaving = is_leaving;
  weight_ = is_leaving ? weight_ - weight : weight_ + weight;
  SubtreeUse& use = *node.subtree.use;
  use.weight = is_leaving ? use.weight - weight : use.weight + weight;
  largest_ = nullptr;
}

}  // namespace cgroup2::cgroup
