// SPDX-License-Identifier: Apache-2.0
// FairShare: divides the bound on cgroups among those who make them. When it is reached, cgroups of
// the largest consumer are dropped: users' before services' before workloads', and in a class those
// of the largest subtree.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/subtree.h"

namespace cgroup2::cgroup {

struct Node;

/// Finds the subtree of a cgroup whose parent's subtree is known.
using FindSubtree =
    std::function<base::Subtree(const base::Subtree& parent, std::string_view path)>;

/// What one subtree takes of the bound.
struct SubtreeUse {
  base::ConsumerClass consumer_class = base::ConsumerClass::service;
  std::string_view top{};        ///< its path; the key in the map of all subtrees
  std::size_t weight = 0;        ///< of its known cgroups that stay
  std::size_t dropped = 0;       ///< cgroups that the last pass did not let in
  std::vector<Node*> members{};  ///< of the pass; parents before children
};

/// The subtree of one cgroup.
struct SubtreeOfNode {
  SubtreeUse* use = nullptr;
  bool is_closed = false;  ///< everything below the cgroup is of the same subtree
  bool is_top = false;     ///< it is the top of a subtree that is not closed: root made it
};

/// Belongs to the tree. A cgroup weighs as much as its path has bytes, and 400 at least, so that
/// one bound holds for both cgroups and bytes.
class FairShare {
 public:
  FairShare();

  void set_find(FindSubtree find) { find_ = std::move(find); }
  void set_max_count(std::size_t max_count) { max_weight_ = max_count * min_weight; }

  /// Begins a pass over the tree below `root`. In the last one of a walk no known cgroup is
  /// dropped.
  void begin(Node& root, bool is_last);

  /// Finds the subtree of a child of `parent`.
  [[nodiscard]] SubtreeOfNode subtree_of_child(const Node& parent, std::string_view name);

  /// Says whether a cgroup with a path of `path_size` bytes may come in. If there is no room, drops
  /// known cgroups for it where these have less right (Node::is_leaving); they count no more.
  /// Counts what may not come in as dropped.
  [[nodiscard]] bool admit(const SubtreeOfNode& subtree, std::size_t path_size);

  void add(Node& node);
  /// Forgets a cgroup that is removed.
  void remove(Node& node);

  /// Drops known cgroups until the others fit. For a bound that was lowered.
  void shrink();

  /// Whether known cgroups were dropped in this pass, or one that was not let in would fit now.
  [[nodiscard]] bool may_change() const {
    return has_dropped_known_ ||
           (weight_ <= max_weight_ && smallest_dropped_ <= max_weight_ - weight_);
  }

  /// Returns the subtrees with cgroups that were dropped in the last pass, those with the most of
  /// them first.
  [[nodiscard]] std::vector<const SubtreeUse*> dropped_by_subtree() const;

 private:
  static constexpr std::size_t min_weight = 400;

  [[nodiscard]] static std::size_t weight_of(std::size_t path_size);
  [[nodiscard]] static bool is_dropped_for(const SubtreeUse& largest, const SubtreeOfNode& subtree,
                                           std::size_t weight);
  [[nodiscard]] bool make_room(const SubtreeOfNode& subtree, std::size_t weight);
  [[nodiscard]] SubtreeUse* find_largest();
  [[nodiscard]] Node* take_leaf(SubtreeUse& use);
  void list_all_members();
  void list_members(Node& node);
  void set_leaving(Node& node, bool is_leaving);

  FindSubtree find_;
  std::map<std::string, SubtreeUse, std::less<>> subtrees_;  // by top
  Node* root_ = nullptr;
  std::size_t max_weight_ = 10'000 * min_weight;
  std::size_t weight_ = 0;
  std::size_t smallest_dropped_ = 0;  // weight, of those that were not let in in this pass
  bool has_dropped_known_ = false;    // in this pass
  bool is_last_ = false;              // pass of a walk
  bool has_members_ = false;          // SubtreeUse::members are of this pass
  bool takes_tops_ = false;           // the bound does not even hold the tops of subtrees
  SubtreeUse* largest_ = nullptr;     // kept until a weight changes
  std::vector<Node*> dropped_for_;    // for the one that asks; kept for its memory
};

}  // namespace cgroup2::cgroup
