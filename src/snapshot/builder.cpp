// SPDX-License-Identifier: Apache-2.0
#include "snapshot/builder.h"

#include <functional>
#include <string_view>

#include "base/label.h"
#include "base/procfs.h"
#include "cgroup/controllers.h"
#include "identity/subtrees.h"
#include "snapshot/memory_uses.h"
#include "snapshot/path_owners.h"
#include "snapshot/unwritten.h"

namespace cgroup2::snapshot {
namespace {

constexpr std::size_t max_subtrees = 10;  // of which a snapshot tells what was dropped
constexpr std::size_t max_logged_subtrees = 1000;

// What nobody tells: a controller that is switched on, a kill outside of all cgroups. Who scrapes
// does not wait for it, since each poll walks.
constexpr std::chrono::minutes max_without_walk{5};

oom::TrackerSettings with_subtrees(oom::TrackerSettings settings) {
  settings.subtree_of = identity::subtree_of;
  return settings;
}

}  // namespace

Builder::Builder(Roots roots, Settings settings, oom::TrackerSettings tracker, base::Log& log,
                 const IdentitySettings& names, identity::RunProbe run_probe,
                 machine::AskFilesystems ask, peaks::RunOpener run_peak_opener,
                 std::function<void()> begin_burst_counter)
    : log_(log),
      errors_(log),
      procfs_(roots.procfs.reopen()),
      machine_reader_(procfs_.reopen(), roots.sysfs.reopen(), roots.rootfs.reopen(), std::move(ask),
                      errors_),
      tracker_(with_subtrees(std::move(tracker)), roots.cgroupfs, procfs_, log),
      event_texts_(interface_),
      kill_observer_(event_texts_),
      tree_(std::move(roots.cgroupfs), interface_, errors_),
      reader_(interface_, procfs_.reopen(), std::move(roots.sysfs), errors_),
      resolver_(std::move(roots.procfs), std::move(roots.rootfs), names.runtime_labels, errors_,
                run_probe),
      network_(procfs_.reopen(), errors_, log, run_probe),
      start_times_(procfs_.reopen(), errors_),
      process_columns_(procfs_.reopen(), std::move(run_probe), errors_),
      peak_columns_(interface_, std::move(run_peak_opener), errors_, log),
      burst_columns_(interface_, std::move(begin_burst_counter), errors_, log),
      runtime_labels_(std::make_shared<const std::vector<std::string>>(names.runtime_labels)) {
  tree_.set_find_subtree(identity::subtree_of_child);
  resolver_.find_roots(names.roots);
  apply(std::move(settings));
}

void Builder::apply(Settings settings) {
  enabled_ = settings.selection.enabled;
  narrowed_ = settings.selection.narrowed;
  network_.select(enabled_, std::move(settings.takes_interface), settings.max_networks);
  reader_.select(std::move(settings.selection));
  tree_.set_filter(std::move(settings.filter));
  tree_.set_max_count(settings.max_cgroups);
  skips_unpopulated_ = settings.skip_unpopulated;
  kinds_ = settings.kinds;
  process_columns_.select(enabled_);
  peak_columns_.select(enabled_, settings.peak_window, settings.max_peak_cgroups);
  burst_columns_.select(enabled_, settings.burst, settings.max_burst_cgroups);
  tracker_.set_bounds(settings.oom);
  tracker_.set_max_watches(settings.max_cgroups + 1);  // the bound is on those below the root
}

std::shared_ptr<const Snapshot> Builder::build() {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->begun = base::Clock::now();
  snapshot->runtime_labels = runtime_labels_;
  snapshot->enabled = enabled_;
  snapshot->narrowed = narrowed_;
  walk();
  snapshot->outcomes[index(catalog::Collector::namespaces)] = resolve();
  snapshot->outcomes[index(catalog::Collector::oom)] = track_kills(true);
  const bool is_tracking = enabled_.test(index(catalog::Collector::oom));
  const auto reported = is_tracking ? tracker_.unwritten_since() : std::span<const std::uint64_t>();
  fill_unwritten_since(tree_.nodes(), identities_, reported, unwritten_since_);
  choose_cgroups(*snapshot);
  const auto controllers = cgroup::read_controllers(tree_.nodes().front()->dir);
  reader_.read(to_read_, controllers, snapshot->samples, snapshot->outcomes,
               tracker_.report_number());
  note_misses(*snapshot);
  const PolledCgroups polled{tree_.nodes(), cgroups_, indices_};
  peak_columns_.fill(polled, *snapshot);
  burst_columns_.fill(polled, reader_.label_table(), *snapshot);
  note_uses(*snapshot);
  network_.collect({to_resolve_, identities_, indices_, resolver_}, reader_.label_table(),
                   snapshot->samples, snapshot->outcomes);
  start_times_.fill(*snapshot);
  snapshot->outcomes[index(catalog::Collector::processes)] =
      process_columns_.fill(polled, snapshot->samples);
  auto& walk = snapshot->outcomes[index(catalog::Collector::cgroup)];
  walk.has_failed = walk.has_failed || tree_.has_failed();
  snapshot->labels = reader_.labels();
  snapshot->features = feature_judge_.judge(tree_.nodes(), controllers, snapshot->begun);
  snapshot->dropped = tree_.dropped();
  note_dropped(*snapshot);
  snapshot->read_errors = errors_.counts();
  snapshot->lookups = resolver_.lookups();
  snapshot->nameless = resolver_.nameless();
  snapshot->ledger = tracker_.ledger();
  snapshot->tracker = tracker_.figures();
  snapshot->network = network_.figures();
  snapshot->machine = machine_reader_.refresh(snapshot->begun);
  snapshot->duration = base::Clock::now() - snapshot->begun;
  return snapshot;
}

bool Builder::scan() {
  peak_columns_.tick(base::Clock::now());
  if (is_settled()) {
    if (base::Clock::now() < resolver_.next_look()) return false;
    (void)resolve();  // of the cgroups of the last walk, which are all
    return true;
  }
  walk();
  (void)resolve();
  (void)track_kills(false);
  return true;
}

bool Builder::is_settled() const {
  return tracker_.is_settled() && !tree_.has_failed() && walked_ &&
         base::Clock::now() - *walked_ < max_without_walk && tree_.has_same_count();
}

void Builder::walk() {
  walked_ = base::Clock::now();
  ++walk_;
  event_texts_.clear();
  if (!enabled_.test(index(catalog::Collector::oom))) {
    tree_.refresh();
    return;
  }
  tree_.refresh(
      [this] {
        tracker_.begin(base::Time::now());
        kill_observer_.begin_pass();
      },
      [this](const cgroup::Node& node) { tracker_.observe(kill_observer_.observe(node)); });
}

cgroup::Outcome Builder::track_kills(bool is_shown) {
  if (!enabled_.test(index(catalog::Collector::oom))) return {};
  constexpr std::chrono::milliseconds to_ask_ahead{20};
  const auto begin = base::Clock::now();
  owners_.clear();
  for (const auto& cgroup : cgroups_) owners_.push_back(&cgroup->owner);
  PathOwners lookup(resolver_, cgroups_, begin + to_ask_ahead);
  tracker_.settle(owners_, lookup, tree_.dropped_for_now() > 0, base::Time::now());
  if (is_shown) tracker_.save_now();
  return {tracker_.has_failed(), base::Clock::now() - begin};
}

// For what kills look like that come before the next poll.
void Builder::note_uses(const Snapshot& snapshot) {
  if (!enabled_.test(index(catalog::Collector::oom))) return;
  fill_memory_uses(snapshot, memory_uses_);
  tracker_.note_uses(memory_uses_, snapshot.begun, base::Clock::now());
}

cgroup::Outcome Builder::resolve() {
  const auto begin = base::Clock::now();
  to_resolve_.clear();
  for (const cgroup::Node* node : tree_.nodes()) {
    const std::size_t parent =
        node->parent == nullptr ? identity::ResolverInput::no_parent : node->parent->index;
    to_resolve_.push_back({node->id, parent, node->path, &node->dir});
  }
  resolver_.resolve(to_resolve_, begin, identities_);
  prepare_cgroups();
  return {!resolver_.can_probe_all(), base::Clock::now() - begin};
}

// Says whether a leaf had no processes in the last poll, either: a kill of its last process came
// before this poll's pass, which counted it.
bool Builder::is_skipped(const cgroup::Node& node) {
  if (!skips_unpopulated_ || !node.children.empty() || node.parent == nullptr) return false;
  char buffer[512];
  const auto events = node.dir.read_at("cgroup.events", buffer);
  const bool is_unpopulated = events && base::find_number(*events, "populated") == 0;
  return std::exchange(prepared_[node.id].is_unpopulated, is_unpopulated) && is_unpopulated;
}

// The exported cgroups, and those that are not but whose limits bind an exported descendant.
void Builder::choose_cgroups(Snapshot& snapshot) {
  const auto nodes = tree_.nodes();
  is_exported_.assign(nodes.size(), false);
  is_needed_.assign(nodes.size(), false);
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const bool is_selected =
        nodes[i]->is_selected && (kinds_.none() || (cgroups_[i]->kinds & kinds_).any());
    const bool is_skipped = is_selected && this->is_skipped(*nodes[i]);
    if (is_skipped) ++snapshot.unpopulated;
    if (!is_selected) ++snapshot.excluded;
    is_exported_[i] = is_selected && !is_skipped;
    if (is_exported_[i]) is_needed_[i] = true;
    if (is_needed_[i] && nodes[i]->parent != nullptr) is_needed_[nodes[i]->parent->index] = true;
  }
  to_read_.clear();
  event_texts_.finish();
  place_of_.assign(nodes.size(), cgroup::CgroupToRead::no_parent);
  indices_.assign(nodes.size(), cgroup::no_cgroup);
  snapshot.cgroups.reserve(nodes.size());
  for (const cgroup::Node* const node : nodes) {
    if (!is_needed_[node->index]) continue;
    place_of_[node->index] = to_read_.size();
    const std::size_t parent =
        node->parent == nullptr ? cgroup::CgroupToRead::no_parent : place_of_[node->parent->index];
    cgroup::CgroupIndex& index = indices_[node->index];
    if (is_exported_[node->index]) {
      index = static_cast<cgroup::CgroupIndex>(snapshot.cgroups.size());
      snapshot.cgroups.push_back(cgroups_[node->index]);
    }
    to_read_.push_back({&node->dir, node->files, node->path, parent, index, node->id,
                        unwritten_since_[node->index], event_texts_.of(node->index),
                        !node->children.empty()});
  }
}

// The log names each file once.
void Builder::note_misses(Snapshot& snapshot) {
  snapshot.cold_file_misses = reader_.cold_file_misses();
  snapshot.cold_file_misses[catalog::file_index(oom::events_local_file)] += kill_observer_.misses();
  for (std::size_t i = 0; i < catalog::file_count; ++i) {
    if (snapshot.cold_file_misses[i] == 0 || !logged_misses_.insert(i).second) continue;
    log_.warn("a file changed and no event told it: its old value was shown for some polls",
              {{"file", std::string(catalog::files[i].name)}});
  }
}

// Snapshots share what does not change.
void Builder::prepare_cgroups() {
  cgroups_.clear();
  for (const cgroup::Node* const node : tree_.nodes()) {
    Prepared& prepared = prepared_[node->id];
    const auto& identity = identities_[node->index];
    prepared.used_in = walk_;
    const auto path_hash = std::hash<std::string_view>{}(node->path);
    const bool is_same =
        prepared.cgroup && prepared.cgroup->identity == identity && prepared.path_hash == path_hash;
    if (!is_same) {
      prepared.path_hash = path_hash;
      prepared.cgroup = make_cgroup(node->path, identity, node->id);
    }
    cgroups_.push_back(prepared.cgroup);
  }
  if (prepared_.size() > cgroups_.size())
    std::erase_if(prepared_, [&](const auto& entry) { return entry.second.used_in != walk_; });
}

// The log names each subtree once.
void Builder::note_dropped(Snapshot& snapshot) {
  for (const cgroup::SubtreeUse* const use : tree_.dropped_by_subtree()) {
    if (snapshot.dropped_by_subtree.size() == max_subtrees) return;
    const auto& [top, dropped] = snapshot.dropped_by_subtree.emplace_back(
        DroppedBySubtree{.top = base::to_label(use->top), .dropped = use->dropped});
    if (logged_subtrees_.size() == max_logged_subtrees || !logged_subtrees_.insert(top).second)
      continue;
    log_.warn("too many cgroups, some are left out", {{"subtree", top},
                                                      {"dropped", std::to_string(dropped)},
                                                      {"hint", "raise cgroup.max_count"}});
  }
}

}  // namespace cgroup2::snapshot
