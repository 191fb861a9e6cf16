// SPDX-License-Identifier: Apache-2.0
#include "oom/kill_tracker.h"

#include <string_view>
#include <utility>

#include "base/procfs.h"

namespace cgroup2::oom {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds between_saves{1};

// Kills may be attributed to a removed cgroup some passes later: see Candidates.
constexpr std::uint64_t passes_to_remember = 8;

}  // namespace

KillTracker::KillTracker(TrackerSettings settings, const base::Dir& root, const base::Dir& procfs,
                         base::Log& log)
    : log_(log),
      procfs_(procfs),
      ledger_({}, settings.subtree_of),
      kill_log_(log),
      evicted_log_(log, "too many owners of OOM kills: some of this subtree are forgotten",
                   "raise oom.max_owners"),
      unwatched_log_(log,
                     "not enough watches for OOM kills: some cgroups of this subtree have none",
                     "raise fs.inotify.max_user_watches"),
      file_(std::move(settings.state_file), log),
      begin_watcher_(std::move(settings.begin_watcher)) {
  char buffer[64];
  const auto boot_id = procfs_.read_at("sys/kernel/random/boot_id", buffer);
  if (boot_id) boot_id_ = boot_id->substr(0, boot_id->find('\n'));
  if (const auto inode = root.inode()) root_ = *inode;
  if (auto state = file_.load(boot_id_, root_)) {
    attribution_.restore(state->attribution);
    starts_.restore(state->newest_start);
    ledger_.restore(std::move(state->ledger));
  }
  if (!settings.kernel_log.empty()) kernel_log_.emplace(settings.kernel_log, log_);
  if (!settings.is_watching) return;
  auto reopened = root.open_at(".");
  if (!reopened) return;
  watcher_.emplace(std::move(*reopened), initial_max_watches, std::move(settings.subtree_of), log_);
}

KillTracker::~KillTracker() {
  add_limits(attribution_.give_up_undecided(), true);
  if (is_dirty_ || starts_.has_unsaved()) save();
}

void KillTracker::start(std::function<void()> wake) {
  wake_ = std::move(wake);
  if (watcher_) watcher_->start(wake_, begin_watcher_);
}

void KillTracker::set_max_watches(std::size_t count) {
  if (watcher_) watcher_->set_max_count(count);
}

bool KillTracker::is_settled() const {
  return watcher_ && watcher_->is_quiet() && !is_dirty_ && !starts_.has_unsaved() &&
         !attribution_.has_undecided() && !kill_log_.has_waiting() && !unnamed_.has_waiting() &&
         last_eventful_pass_ + passes_to_remember < pass_;
}

void KillTracker::save_now() {
  if (is_dirty_) save();
}

void KillTracker::save() {
  saved_ = begun_;
  is_dirty_ =
      !file_.save({boot_id_, root_, ledger_.content(), attribution_.state(), starts_.newest()});
  starts_.note_saved();
}

void KillTracker::begin(const base::Time& now) {
  begun_ = now.steady;
  observations_.clear();
  const auto vmstat = procfs_.read_all_at("vmstat", std::size_t{1} << 20);
  // The kills of the whole host since boot, since Linux 4.13.
  host_kills_ = vmstat ? base::find_number(*vmstat, "oom_kill") : std::nullopt;
}

void KillTracker::settle(std::span<const Owner* const> owners, OwnerLookup& lookup, bool is_partial,
                         const base::Time& now) {
  ++pass_;  // not in begin(), which a walk calls twice where it begins anew
  WatchReport report;
  if (watcher_) {
    if (!watcher_->is_quiet()) last_eventful_pass_ = pass_;
    report = watcher_->exchange(observations_, begun_);
    watch_figures_ = report.figures;
    report_number_ = report.number;
    unwritten_since_ = std::move(report.unwritten_since);
    unwatched_log_.write(report.unwatched_subtrees);
    uses_.note_kills(report.killed);
  }
  take_owners(owners, lookup);
  take_late_names(lookup);  // first: a user can make any number of late cgroups, but no unnamed one
  take_late(report.late, lookup);
  const auto logged = take_victims(lookup);
  const bool happened_since = attribution_.has_earlier_pass();
  if (is_partial != attribution_.was_partial()) is_dirty_ = true;
  const auto attribution = attribution_.settle(
      {host_kills_, observations_, report.late, report.pending, logged, is_partial});
  add_kills(attribution.attributed, report, lookup,
            happened_since ? now.since_1970 : milliseconds(0));
  add_limits(attribution.limits, happened_since);
  add_unattributed(attribution.unattributed, happened_since);
  kill_log_.end_pass(pass_);
  forget(now.steady);
  if (ledger_.content() != *published_)
    published_ = std::make_shared<const LedgerContent>(ledger_.content());
  const auto since_saved = now.steady - saved_;
  if ((is_dirty_ && since_saved >= between_saves) || starts_.is_due(since_saved)) save();
  if (wake_ && (attribution_.has_undecided() || kill_log_.has_waiting())) wake_();
}

// A name may come late: the kills so far are the owner's under its right name.
void KillTracker::take_owners(std::span<const Owner* const> owners, OwnerLookup& lookup) {
  std::map<Owner, Owner> renamed;
  std::size_t count = 0;
  bool has_changed = false;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const Observation& seen = observations_[i];
    if (seen.cgroup.generation == 0) continue;
    ++count;
    const auto [at, is_new] = known_.try_emplace(seen.cgroup.id);
    Known& known = at->second;
    known.is_start_open = known.is_start_open || is_new;
    const bool was_seen = known.seen_in + 1 == pass_;
    known.seen_in = pass_;
    const bool is_same = !known.path.empty() && !known.is_to_be_asked && known.owner == *owners[i];
    has_changed = has_changed || !was_seen || !is_same;
    if (is_same && !known.is_start_open) continue;
    const bool was_asked = !known.path.empty() && !std::exchange(known.is_to_be_asked, false);
    if (was_asked) renamed.try_emplace(known.owner, *owners[i]);
    known.path = seen.path;
    known.owner = *owners[i];
    known.is_start_open = known.is_start_open &&
                          !starts_.decide(seen.cgroup.id, known.owner, lookup.start_of(i), ledger_);
  }
  has_changed = has_changed || count != living_count_;
  living_count_ = count;
  if (has_changed) {
    living_owners_.clear();
    living_paths_ = {"/"};
    for (std::size_t i = 0; i < owners.size(); ++i) {
      if (observations_[i].cgroup.generation == 0) continue;
      living_owners_.insert(*owners[i]);
      living_paths_.emplace(known_.at(observations_[i].cgroup.id).path);
    }
  }
  for (const auto& [from, to] : renamed) {
    if (!living_owners_.contains(from) && ledger_.rename(from, to)) is_dirty_ = true;
  }
}

// Whose those are is asked at once, because the files that tell it go soon too; but of no more than
// there is time for: whoever makes and removes cgroups must not hold up a pass.
void KillTracker::take_late(const std::vector<LateObservation>& late, OwnerLookup& lookup) {
  for (const LateObservation& each : late) {
    if (each.cgroup.generation == 0 && each.was_opened) continue;
    if (known_.contains(each.cgroup.id)) continue;
    Known& known = known_[each.cgroup.id];
    known = {.path = each.path, .seen_in = pass_, .is_start_open = true};
    known.is_to_be_asked = !lookup.has_time();
    if (known.is_to_be_asked) continue;
    CgroupAtPath found = lookup.identify(known.path);
    known.owner = std::move(found.owner);
    known.is_start_open = !starts_.decide(each.cgroup.id, known.owner, found.start, ledger_);
  }
}

// The kills of a cgroup that is gone are its container's, too, if its name comes after its end.
void KillTracker::take_late_names(OwnerLookup& lookup) {
  for (const auto& [from, to] : unnamed_.ask(living_owners_, ledger_.content(), lookup, begun_)) {
    if (!ledger_.rename(from, to)) continue;
    is_dirty_ = true;
    for (auto& [id, known] : known_) {
      if (known.owner == from) known.owner = to;
    }
  }
}

const Owner& KillTracker::ask_owner(Known& known, OwnerLookup& lookup) {
  if (std::exchange(known.is_to_be_asked, false)) known.owner = lookup.identify(known.path).owner;
  return known.owner;
}

std::map<std::string_view, std::uint64_t> KillTracker::ids_by_path() const {
  std::map<std::string_view, std::uint64_t> ids;
  for (const auto& [id, known] : known_) {
    const auto [at, is_new] = ids.try_emplace(known.path, id);
    if (!is_new && known.seen_in > known_.at(at->second).seen_in) at->second = id;
  }
  return ids;
}

std::vector<LoggedLimit> KillTracker::take_victims(OwnerLookup& lookup) {
  std::vector<LoggedLimit> logged;
  if (!kernel_log_) return logged;
  std::map<std::string_view, std::uint64_t> by_path;  // filled when a victim is logged
  const auto victims = kernel_log_->read_new([&](std::string_view path) {
    if (by_path.empty()) by_path = ids_by_path();
    return path == "/" || by_path.contains(path);
  });
  for (const Victim& victim : victims) {
    is_dirty_ = true;
    ledger_.note_constraint(victim.constraint);
    kill_log_.write_victim(victim);
    const auto at = by_path.find(victim.cgroup);
    if (at == by_path.end()) continue;
    ledger_.note_victim(ask_owner(known_[at->second], lookup),
                        {victim.comm, victim.pid, victim.constraint, victim.oom_cgroup});
    if (const auto limit = limit_of(victim)) logged.push_back({at->second, *limit});
  }
  return logged;
}

void KillTracker::add_kills(const std::vector<AttributedKills>& attributed,
                            const WatchReport& report, OwnerLookup& lookup, milliseconds now) {
  auto memories = report.memories;
  for (const auto& late : report.late) memories.emplace(late.cgroup.id, late.memory);
  for (const AttributedKills& each : attributed) {
    is_dirty_ = true;
    const auto known = known_.find(each.id);
    if (known == known_.end()) {  // a candidate that waited for longer than it is remembered
      ledger_.add_unattributed("/", each.kills);
      continue;
    }
    const Owner& owner = ask_owner(known->second, lookup);
    known->second.owner_of_kills = std::make_unique<Owner>(owner);
    unnamed_.add(owner, known->second.path, begun_);
    ledger_.add_kills(owner, each.kills, each.group_kills, now);
    const LastMemory memory = uses_.with_recent_peak(each.id, memories[each.id]);
    if (memory != LastMemory()) ledger_.note_memory(owner, memory);
    known->second.rise = uses_.take_rise(each.id, memory);
  }
}

void KillTracker::add_limits(const std::vector<KillsByLimit>& limits, bool is_logged) {
  for (const KillsByLimit& each : limits) {
    is_dirty_ = true;
    const auto found = known_.find(each.id);
    if (found == known_.end()) continue;
    const Known& known = found->second;
    // Its kills stayed with an owner that others have too, or went along to its right name.
    const bool stayed =
        known.owner_of_kills && ledger_.content().owners.contains(*known.owner_of_kills);
    const Owner& owner = stayed ? *known.owner_of_kills : known.owner;
    ledger_.add_by_limit(owner, each.limit, each.kills);
    const LastRise rise = each.limit == Limit::own ? known.rise : LastRise();
    if (!each.is_continued || rise.is_known()) ledger_.note_rise(owner, rise);
    if (is_logged) kill_log_.add(each, known.path, known.owner, pass_);
    kill_log_.note_rise(each.id, rise);
  }
}

void KillTracker::add_unattributed(const std::vector<UnattributedKills>& unattributed,
                                   bool is_logged) {
  for (const UnattributedKills& each : unattributed) {
    is_dirty_ = true;
    const auto known = known_.find(each.id);
    const std::string path(known == known_.end() ? "/" : known->second.path.view());
    ledger_.add_unattributed(path, each.kills);
    if (is_logged) kill_log_.write_unattributed(path, each.kills);
  }
}

void KillTracker::forget(base::TimePoint now) {
  std::erase_if(
      known_, [&](const auto& known) { return known.second.seen_in + passes_to_remember < pass_; });
  const LedgerContent& content = ledger_.content();
  const auto forgotten = content.forgotten;
  const auto unattributed = content.unattributed.size();
  ledger_.note_living(living_owners_, living_paths_, now);
  if (forgotten != content.forgotten || unattributed != content.unattributed.size())
    is_dirty_ = true;
  evicted_log_.write(ledger_.take_evicted_subtrees());
}

TrackerFigures KillTracker::figures() const {
  TrackerFigures figures;
  figures.owners = ledger_.content().owners.size();
  figures.evicted = ledger_.evicted();
  figures.watch = watch_figures_;
  figures.reads_kernel_log = kernel_log_ && kernel_log_->is_open();
  if (kernel_log_) {
    figures.log_losses = kernel_log_->losses();
    figures.uncertain_victims = kernel_log_->uncertain();
  }
  return figures;
}

}  // namespace cgroup2::oom
