// SPDX-License-Identifier: Apache-2.0
// FairShare: divides the bound on cgroups among those who make them. When it is reached, the
// largest consumer gives way: users before services before workloads, and in a class the largest
// subtree.
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
struct Consumer {
  base::ConsumerClass consumer_class = base::ConsumerClass::service;
  std::string_view top{};        ///< its path; the key in the map of all consumers
  std::size_t weight = 0;        ///< of its known cgroups that stay
  std::size_t dropped = 0;       ///< cgroups that the last pass left out
  std::vector<Node*> members{};  ///< of the pass; parents before children
};

/// The share of one cgroup.
struct Place {
  Consumer* share = nullptr;
  bool is_closed = false;  ///< everything below the cgroup has the same share
  bool is_top = false;     ///< it is the top of a subtree that is not closed: root made it
};

/// Belongs to the tree. A cgroup weighs as much as its path has bytes, and 400 at least, so that
/// one bound holds for both cgroups and bytes.
class FairShare {
 public:
  FairShare();

  void set_find(FindSubtree find) { find_ = std::move(find); }
  void set_max_count(std::size_t max_count) { max_weight_ = max_count * min_weight; }

  /// Begins a pass over the tree below `root`. In the last one of a walk nothing gives way.
  void begin(Node& root, bool is_last);

  /// Finds the share of a child of `parent`.
  [[nodiscard]] Place find(const Node& parent, std::string_view name);

  /// Says whether a cgroup with a path of `path_size` bytes may come in. If there is no room, marks
  /// the cgroups that have to give way for it; they count no more. Counts what may not come in.
  [[nodiscard]] bool admit(const Place& place, std::size_t path_size);

  void add(Node& node);
  /// Forgets a cgroup that is removed.
  void remove(Node& node);

  /// Marks cgroups that have to give way until the others fit. For a bound that was lowered.
  void shrink();

  /// Whether cgroups are marked, or one that was left out would fit now.
  [[nodiscard]] bool may_change() const {
    return has_marked_ || (weight_ <= max_weight_ && smallest_denied_ <= max_weight_ - weight_);
  }

  /// The subtrees that were cut in the last pass, those with the most dropped cgroups first.
  [[nodiscard]] std::vector<const Consumer*> cut() const;

 private:
  static constexpr std::size_t min_weight = 400;

  [[nodiscard]] static std::size_t weight_of(std::size_t path_size);
  [[nodiscard]] bool must_give_way(const Consumer& larger, const Place& place,
                                   std::size_t weight) const;
  [[nodiscard]] bool make_room(const Place& place, std::size_t weight);
  [[nodiscard]] Consumer* find_largest();
  [[nodiscard]] Node* take_leaf(Consumer& share);
  void list_all_members();
  void list_members(Node& node);
  void mark(Node& node, bool gives_way);

  FindSubtree find_;
  std::map<std::string, Consumer, std::less<>> consumers_;  // by top
  Node* root_ = nullptr;
  std::size_t max_weight_ = 10'000 * min_weight;
  std::size_t weight_ = 0;
  std::size_t smallest_denied_ = 0;  // of the pass
  bool has_marked_ = false;
  bool is_last_ = false;          // pass of a walk
  bool has_members_ = false;      // Consumer::members are of this pass
  bool takes_tops_ = false;       // the bound does not even hold the tops of subtrees
  Consumer* largest_ = nullptr;   // kept until a weight changes
  std::vector<Node*> given_way_;  // for the one that asks; kept for its memory
};

}  // namespace cgroup2::cgroup
