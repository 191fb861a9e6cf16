// SPDX-License-Identifier: Apache-2.0
// It does not go back and forth: a cgroup gives way to one of a stronger class, or of a subtree
// that is smaller even with the new one. So what gave way may never come back for what displaced
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
  std::erase_if(consumers_, [](const auto& entry) { return entry.second.weight == 0; });
  for (auto& [top, share] : consumers_) share.dropped = 0;
  root_ = &root;
  const auto top = consumers_.try_emplace("/").first;
  top->second.top = top->first;
  root.place = {&top->second, false, true};
  smallest_denied_ = std::numeric_limits<std::size_t>::max();
  is_last_ = is_last;
  has_marked_ = false;
  has_members_ = false;
  largest_ = nullptr;
}

Place FairShare::find(const Node& parent, std::string_view name) {
  if (parent.place.is_closed) return {parent.place.share, true, false};
  const Consumer& above = *parent.place.share;
  const std::string path = base::child_path(parent.path, name);
  const auto subtree = find_({above.consumer_class, above.top, false}, path);
  auto share = consumers_.find(subtree.top);
  if (share == consumers_.end()) {
    share = consumers_.try_emplace(std::string(subtree.top)).first;
    share->second.consumer_class = subtree.consumer_class;
    share->second.top = share->first;
  }
  return {&share->second, subtree.is_closed, !subtree.is_closed && subtree.top == path};
}

bool FairShare::admit(const Place& place, std::size_t path_size) {
  const std::size_t weight = weight_of(path_size);
  if (weight_ + weight <= max_weight_ || make_room(place, weight)) return true;
  ++place.share->dropped;
  smallest_denied_ = std::min(smallest_denied_, weight);
  return false;
}

void FairShare::add(Node& node) {
  const std::size_t weight = weight_of(node.path.size());
  weight_ += weight;
  node.place.share->weight += weight;
  if (has_members_) node.place.share->members.push_back(&node);
  largest_ = nullptr;
}

void FairShare::remove(Node& node) {
  if (!node.gives_way) mark(node, true);
}

void FairShare::shrink() {
  if (is_last_) return;
  for (const bool takes_tops : {false, true}) {
    if (weight_ <= max_weight_) return;
    takes_tops_ = takes_tops;
    list_all_members();
    while (weight_ > max_weight_) {
      Consumer* const largest = find_largest();
      if (largest == nullptr) break;
      Node* const leaf = take_leaf(*largest);
      if (leaf == nullptr) continue;
      mark(*leaf, true);
      has_marked_ = true;
    }
  }
  takes_tops_ = false;
}

std::vector<const Consumer*> FairShare::cut() const {
  std::vector<const Consumer*> cut;
  for (const auto& [top, share] : consumers_) {
    if (share.dropped > 0) cut.push_back(&share);
  }
  std::ranges::stable_sort(cut, std::greater<>(), &Consumer::dropped);
  return cut;
}

std::size_t FairShare::weight_of(std::size_t path_size) { return std::max(path_size, min_weight); }

// The top of a subtree of root's is needed by all that is below it, whoever that is.
bool FairShare::must_give_way(const Consumer& larger, const Place& place,
                              std::size_t weight) const {
  const Consumer& own = *place.share;
  const bool is_smaller = larger.weight > own.weight + weight;
  if (place.is_top) return is_smaller || larger.consumer_class == base::ConsumerClass::user;
  return larger.consumer_class == own.consumer_class ? is_smaller
                                                     : larger.consumer_class < own.consumer_class;
}

bool FairShare::make_room(const Place& place, std::size_t weight) {
  given_way_.clear();
  if (is_last_) return false;
  while (weight_ + weight > max_weight_) {
    Consumer* const largest = find_largest();
    if (largest == nullptr || !must_give_way(*largest, place, weight)) break;
    Node* const leaf = take_leaf(*largest);
    if (leaf == nullptr) continue;
    mark(*leaf, true);
    given_way_.push_back(leaf);
  }
  const bool has_room = weight_ + weight <= max_weight_;
  if (!has_room) {
    for (; !given_way_.empty(); given_way_.pop_back()) {
      Node& leaf = *given_way_.back();
      mark(leaf, false);
      leaf.place.share->members.push_back(&leaf);
    }
  }
  has_marked_ = has_marked_ || !given_way_.empty();
  return has_room;
}

// Only among the shares that have members that may give way.
Consumer* FairShare::find_largest() {
  if (!has_members_) list_all_members();
  if (largest_ != nullptr) return largest_;
  for (auto& [top, share] : consumers_) {
    if (share.members.empty()) continue;
    const bool is_before =
        largest_ == nullptr || share.consumer_class < largest_->consumer_class ||
        (share.consumer_class == largest_->consumer_class && share.weight > largest_->weight);
    if (is_before) largest_ = &share;
  }
  return largest_;
}

// Returns the last of the share that has nothing below it; nothing if there is none.
Node* FairShare::take_leaf(Consumer& share) {
  while (!share.members.empty()) {
    Node* const node = share.members.back();
    share.members.pop_back();
    const bool is_leaf =
        std::ranges::all_of(node->children, [](const auto& child) { return child->gives_way; });
    if (is_leaf && !node->gives_way && (takes_tops_ || !node->place.is_top)) return node;
  }
  largest_ = nullptr;
  return nullptr;
}

void FairShare::list_all_members() {
  for (auto& [top, share] : consumers_) share.members.clear();
  list_members(*root_);
  has_members_ = true;
  largest_ = nullptr;
}

void FairShare::list_members(Node& node) {
  for (const auto& child : node.children) {
    if (child->gives_way) continue;
    child->place.share->members.push_back(child.get());
    list_members(*child);
  }
}

void FairShare::mark(Node& node, bool gives_way) {
  const std::size_t weight = weight_of(node.path.size());
  node.gives_way = gives_way;
  weight_ = gives_way ? weight_ - weight : weight_ + weight;
  Consumer& share = *node.place.share;
  share.weight = gives_way ? share.weight - weight : share.weight + weight;
  largest_ = nullptr;
}

}  // namespace cgroup2::cgroup
