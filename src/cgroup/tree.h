// SPDX-License-Identifier: Apache-2.0
// Finds out which cgroups exist: walks from the root and keeps the directories open that it has
// seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "base/shared_text.h"
#include "cgroup/fair_share.h"
#include "cgroup/interface.h"

namespace cgroup2::cgroup {

/// Holds one cgroup: an open directory. It is the same object as long as the directory exists; a
/// directory that is made again under the same name is another one.
struct Node {
  base::SharedText path;  ///< below the mount, raw bytes, "/" for the root; does not change
  std::string_view name;  ///< the last part of it, "" for the root
  std::uint64_t id = 0;   ///< inode of the directory, the kernel's cgroup id
  base::Dir dir;
  /// Uid of the directory's owner at the last walk, as this process's user namespace shows it;
  /// nothing if the directory could not be looked at.
  std::optional<std::uint32_t> owner;
  std::vector<FileId> files;  ///< interface files of the catalog that were seen in it
  Node* parent = nullptr;
  std::size_t index = 0;    ///< position in Tree::nodes()
  bool is_selected = true;  ///< what the filter said of the path
  /// d_ino; differs from id only on file systems that are not cgroup2.
  std::uint64_t entry_inode = 0;
  std::uint64_t seen_in = 0;   ///< the walk that saw it last
  std::uint64_t asked_of = 0;  ///< the filter that decided is_selected
  /// Hash of cgroup.subtree_control: what the files of its children depend on.
  std::size_t subtree_control_hash = 0;
  /// The parent's subtree_control_hash when `files` was listed.
  std::optional<std::size_t> listed_with_hash;
  bool is_list_confirmed = false;               ///< two lists with that had the same files
  std::vector<std::unique_ptr<Node>> children;  ///< sorted by name
  SubtreeOfNode subtree;                        ///< whose share of the bound it takes
  bool is_leaving = false;                      ///< removed or dropped: it goes when the pass ends
};

/// Says whether a cgroup is exported; called once per path.
using Filter = std::function<bool(std::string_view path)>;

/// Holds one descriptor per cgroup. Belongs to the poller's thread.
class Tree {
 public:
  /// Walks from `root`, the directory of the hierarchy.
  Tree(base::Dir root, Interface& interface, base::ReadErrors& errors);

  /// Sets the filter that is asked about every cgroup from the next refresh() on.
  void set_filter(Filter filter);

  /// Sets what finds the subtrees that share the bound. Called before the first refresh().
  void set_find_subtree(FindSubtree find) { fair_share_.set_find(std::move(find)); }

  /// Bounds the number of cgroups below the root, from the next refresh() on. A path of more than
  /// 400 bytes counts for several. Those beyond are dropped and counted: see FairShare.
  void set_max_count(std::size_t max_count) { fair_share_.set_max_count(max_count); }

  /// Walks the hierarchy: new cgroups come in, removed ones go, and so do the files of controllers
  /// that were switched. What changes the files of a leaf without its parent's doing, which is
  /// cgroup.pressure and cgroup.type of its own, is seen in one of four walks.
  /// Directories that vanish during the walk are normal. `before_listing` is
  /// called for every cgroup, in the order of nodes(), before its children are listed. If some have
  /// to be dropped, the walk takes another pass; `begin_pass` is called before each.
  void refresh(const std::function<void()>& begin_pass,
               const std::function<void(const Node&)>& before_listing);
  void refresh() {
    refresh([] {}, [](const Node&) {});
  }

  /// Returns all cgroups, parents before children, siblings by name. Valid until the next
  /// refresh().
  [[nodiscard]] std::span<Node* const> nodes() const { return nodes_; }

  /// Says whether the kernel counts as many cgroups as before the last walk (nr_descendants in the
  /// root's cgroup.stat, 4.14): a cheap sign that nothing was made or removed since. False if the
  /// kernel does not count.
  [[nodiscard]] bool has_same_count() const;

  /// Counts the cgroups that the last walk dropped, each with all that is below it: because of the
  /// bound, for want of descriptors, or because they may not be opened or their path is longer than
  /// 4096 bytes. The latter two do not count in a directory whose owner is not the root
  /// directory's.
  [[nodiscard]] std::size_t dropped() const { return dropped_; }
  /// Counts those of them that a later walk may see: they were too many, or there was no descriptor
  /// for them.
  [[nodiscard]] std::size_t dropped_for_now() const { return dropped_for_now_; }

  /// Returns the subtrees of which the last walk dropped cgroups because of the bound, those with
  /// the most of them first. Valid until the next refresh().
  [[nodiscard]] std::vector<const SubtreeUse*> dropped_by_subtree() const {
    return fair_share_.dropped_by_subtree();
  }

  /// Says whether a directory could not be read in the last walk. One that vanished is no failure,
  /// nor is what its owner may do who is not the root directory's: forbid it, or make paths too
  /// long.
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  void walk(const std::function<void(const Node&)>& before_listing);
  void visit_children(Node& node);
  [[nodiscard]] bool is_leaf_with_same_files(const Node& node) const;
  int list_children(Node& node, std::size_t& listed);
  [[nodiscard]] bool is_doing_of_user(int error, const Node& node) const;
  void report(int error, const Node& node);
  void add_child(Node& node, const base::DirEntry& entry);
  void drop(const base::DirEntry& entry, bool is_counted);
  void report_beyond_bound(const SubtreeUse& use);
  void remove(std::unique_ptr<Node> node);

  Interface& interface_;
  base::ReadErrors& errors_;
  std::unique_ptr<Node> root_;
  Filter filter_;
  std::uint64_t filter_number_ = 1;
  std::size_t dropped_ = 0;
  std::size_t dropped_for_now_ = 0;
  bool has_failed_ = false;
  std::optional<std::uint64_t> descendants_;  // as the kernel counted before the walk
  FairShare fair_share_;
  std::vector<std::unique_ptr<Node>> removed_;  // in this pass
  std::uint64_t walk_ = 0;
  std::vector<Node*> nodes_;
  std::vector<Node*> pending_;  // of the walk; kept for its memory
  // Of the directory that is being listed; kept for their memory.
  std::vector<FileId> files_;
  std::unordered_set<std::uint64_t> dropped_inodes_;  // of children
};

}  // namespace cgroup2::cgroup
