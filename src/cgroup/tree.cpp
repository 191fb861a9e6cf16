// SPDX-License-Identifier: Apache-2.0
#include "cgroup/tree.h"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <utility>

#include "base/cgroup_path.h"
#include "base/procfs.h"

namespace cgroup2::cgroup {
namespace {

// Is PATH_MAX. The kernel bounds neither depth nor path, and a path is in every series of its
// cgroup: whoever may make cgroups must not fill our memory.
constexpr std::size_t max_path_size = 4096;

// Bounds how often a directory is listed again. Where directories are removed while their parent is
// listed, the kernel may skip others that stay: it goes on one too far from where the removed one
// would stand (kernfs_dir_next_pos, seen on 6.1).
constexpr int max_lists = 3;

// The first pass finds what has to be dropped, the second has what stays. Another one is needed
// where descriptors were missing in between.
constexpr int max_passes = 4;

// Spreads the lists of leaves that nothing asks for: each is listed in one of so many walks.
constexpr std::uint64_t walks_between_lists = 4;

// Finds the first child whose name is not before `name`.
auto first_not_before(std::vector<std::unique_ptr<Node>>& children, std::string_view name) {
  return std::ranges::lower_bound(children, name, {},
                                  [](const auto& child) { return child->name; });
}

// Removes the cgroups that were dropped, which have nothing below them that stays.
void prune(Node& node) {
  std::erase_if(node.children, [](const auto& child) { return child->is_leaving; });
  for (const auto& child : node.children) prune(*child);
}

// Sets Node::owner, and returns how many directories the kernel counts in the directory, by the
// same system call.
std::optional<std::size_t> note_owner_and_count(Node& node) {
  const auto status = node.dir.status();
  node.owner = status ? std::optional(status->owner) : std::nullopt;
  return status ? status->subdirectories : std::nullopt;
}

// Reads which controllers the children of a cgroup have, and with them which files.
std::size_t hash_of_subtree_control(const base::Dir& dir) {
  char buffer[4096];
  const auto text = dir.read_at("cgroup.subtree_control", buffer);
  return std::hash<std::string_view>{}(text ? *text : std::string_view());
}

// Reads how many cgroups the kernel counts: "nr_descendants 318".
std::optional<std::uint64_t> count_descendants(const base::Dir& root) {
  char buffer[4096];
  const auto text = root.read_at("cgroup.stat", buffer);
  return text ? base::find_number(*text, "nr_descendants") : std::nullopt;
}

}  // namespace

Tree::Tree(base::Dir root, Interface& interface, base::ReadErrors& errors)
    : interface_(interface),
      errors_(errors),
      root_(std::make_unique<Node>()),
      filter_([](std::string_view) { return true; }) {
  root_->path = "/";
  root_->dir = std::move(root);
  const auto status = root_->dir.status();
  root_->id = status ? status->inode : 0;
  root_->owner = status ? std::optional(status->owner) : std::nullopt;
}

void Tree::set_filter(Filter filter) {
  filter_ = std::move(filter);
  ++filter_number_;
}

void Tree::refresh(const std::function<void()>& begin_pass,
                   const std::function<void(const Node&)>& before_listing) {
  for (int pass = 1; pass <= max_passes; ++pass) {
    begin_pass();
    fair_share_.begin(*root_, pass == max_passes);
    walk(before_listing);
    removed_.clear();
    fair_share_.shrink();
    if (!fair_share_.may_change()) return;
    prune(*root_);
  }
}

void Tree::walk(const std::function<void(const Node&)>& before_listing) {
  ++walk_;
  dropped_ = 0;
  dropped_for_now_ = 0;
  has_failed_ = false;
  descendants_ = count_descendants(root_->dir);
  nodes_.clear();
  pending_.assign(1, root_.get());
  while (!pending_.empty()) {
    Node* node = pending_.back();
    pending_.pop_back();
    if (node->is_leaving) continue;
    node->index = nodes_.size();
    if (node->asked_of != filter_number_) node->is_selected = filter_(node->path);
    node->asked_of = filter_number_;
    nodes_.push_back(node);
    before_listing(*node);
    visit_children(*node);
    for (auto child = node->children.rbegin(); child != node->children.rend(); ++child) {
      pending_.push_back(child->get());
    }
  }
}

bool Tree::has_same_count() const {
  return descendants_ && descendants_ == count_descendants(root_->dir);
}

// Says whether a list of a cgroup that had no children would show the files that the last one did:
// they are those of the controllers that the parent gives to its children.
bool Tree::is_leaf_with_same_files(const Node& node) const {
  return node.children.empty() && node.parent != nullptr && node.is_list_confirmed &&
         node.listed_with_hash == node.parent->subtree_control_hash &&
         node.id % walks_between_lists != walk_ % walks_between_lists;
}

// Looks at the directory once or, where it is listed, after each list: Node::owner is of this walk.
void Tree::visit_children(Node& node) {
  if (is_leaf_with_same_files(node) && note_owner_and_count(node) == 0) return;
  const auto listed_before = std::exchange(node.listed_with_hash, std::nullopt);
  int error = 0;
  std::size_t listed = 0;
  dropped_inodes_.clear();
  for (int lists = 0; lists < max_lists; ++lists) {
    error = list_children(node, listed);
    const auto count = note_owner_and_count(node);
    if (error != 0 || !count || *count <= listed) break;
  }
  if (error != 0 && !base::is_absence(error)) {
    report(error, node);
    return;  // what was known of it and below it stays: it can still be read by its descriptors
  }
  if (node.parent != nullptr) node.listed_with_hash = node.parent->subtree_control_hash;
  // The files of a controller come one after the other, after cgroup.subtree_control says so.
  node.is_list_confirmed = listed_before == node.listed_with_hash && node.files == files_;
  node.files = files_;
  std::erase_if(node.children, [&](auto& child) {
    if (child->seen_in == walk_) return false;
    remove(std::move(child));
    return true;
  });
  if (!node.children.empty()) node.subtree_control_hash = hash_of_subtree_control(node.dir);
}

int Tree::list_children(Node& node, std::size_t& listed) {
  files_.clear();
  listed = 0;
  return node.dir.list([&](const base::DirEntry& entry) {
    if (!entry.is_directory) {
      if (const auto file = interface_.find(entry.name)) files_.push_back(*file);
      return;
    }
    ++listed;
    const auto child = first_not_before(node.children, entry.name);
    const bool is_known = child != node.children.end() && (*child)->name == entry.name &&
                          (*child)->entry_inode == entry.inode;
    if (is_known) {
      (*child)->seen_in = walk_;
    } else if (!dropped_inodes_.contains(entry.inode)) {
      add_child(node, entry);
    }
  });
}

// Says whether the error is the doing of the directory's owner, who may forbid its own cgroups to
// others and nest them as deep as it likes: for the host that is no failure.
bool Tree::is_doing_of_user(int error, const Node& node) const {
  if (error != EACCES && error != EPERM && error != ENAMETOOLONG) return false;
  return node.owner && node.owner != root_->owner;
}

void Tree::report(int error, const Node& node) {
  has_failed_ = has_failed_ || !is_doing_of_user(error, node);
  errors_.add("directory", base::errno_name(error), node.path, base::hint_for(error));
}

void Tree::add_child(Node& node, const base::DirEntry& entry) {
  // Removes the old cgroup of a name that was made again: two of one path would make one series
  // twice.
  const auto old = first_not_before(node.children, entry.name);
  if (old != node.children.end() && (*old)->name == entry.name) {
    remove(std::move(*old));
    node.children.erase(old);
  }
  const std::string_view name = entry.name;
  const std::size_t path_size = node.path.size() + 1 + name.size();
  if (path_size > max_path_size) {
    drop(entry, !is_doing_of_user(ENAMETOOLONG, node));
    report(ENAMETOOLONG, node);
    return;
  }
  const SubtreeOfNode subtree = fair_share_.subtree_of_child(node, name);
  if (!fair_share_.admit(subtree, path_size) || node.is_leaving) {
    drop(entry, true);
    report_beyond_bound(*subtree.use);
    return;
  }
  auto dir = node.dir.open_to_list_at(entry.name);
  if (!dir) {
    if (base::is_absence(dir.error().code)) return;
    drop(entry, !is_doing_of_user(dir.error().code, node));
    const bool is_forbidden = dir.error().code == EACCES || dir.error().code == EPERM;
    if (!is_forbidden) ++dropped_for_now_;
    report(dir.error().code, node);
    return;
  }
  const auto status = dir->status();
  if (!status) return;

  auto child = std::make_unique<Node>();
  child->path = base::child_path(node.path, name);
  child->name = child->path.view().substr(child->path.size() - name.size());
  child->id = status->inode;
  child->owner = status->owner;
  child->dir = std::move(*dir);
  child->parent = &node;
  child->entry_inode = entry.inode;
  child->seen_in = walk_;
  child->subtree = subtree;
  fair_share_.add(*child);
  node.children.insert(first_not_before(node.children, entry.name), std::move(child));
}

// Once, although the directory may be listed again.
void Tree::drop(const base::DirEntry& entry, bool is_counted) {
  if (is_counted) ++dropped_;
  dropped_inodes_.insert(entry.inode);
}

void Tree::report_beyond_bound(const SubtreeUse& use) {
  ++dropped_for_now_;
  if (use.dropped > 1) return;  // is told once for a subtree and walk
  errors_.add("directory", "too_many_cgroups", use.top,
              "raise cgroup.max_count, or the limit on open files (two per cgroup)");
}

// Others may still refer to what is removed until the pass ends.
void Tree::remove(std::unique_ptr<Node> node) {
  for (auto& child : node->children) remove(std::move(child));
  node->children.clear();
  fair_share_.remove(*node);
  removed_.push_back(std::move(node));
}

}  // namespace cgroup2::cgroup
