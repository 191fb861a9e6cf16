// SPDX-License-Identifier: Apache-2.0
#include "snapshot/audit.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "oom/events.h"
#include "oom/ledger_file.h"
#include "oom/watched.h"

namespace cgroup2::snapshot {
namespace {

using std::chrono::milliseconds;

constexpr const char* events_name = "memory.events";

constexpr std::size_t longest_state = std::size_t{64} << 20;
constexpr std::chrono::seconds between_saves{1};

// A rest may become a gone cgroup's some passes later: see oom::Account.
constexpr std::uint64_t passes_to_remember = 8;

milliseconds since_1970() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

// The kernel's counters, and the inode of their file.
struct Reading {
  oom::Events events;
  std::uint64_t generation;
};

std::optional<Reading> read_events(const base::Dir& dir, const char* name) {
  char buffer[512];
  const auto file = dir.read_identified_at(name, buffer);
  const auto events = file ? oom::parse_events(file->text) : std::nullopt;
  if (!events) return std::nullopt;
  return Reading{*events, file->inode};
}

}  // namespace

Audit::Audit(Settings settings, const base::Dir& root, const base::Dir& procfs, base::Log& log)
    : settings_(std::move(settings)), log_(log), procfs_(procfs), ledger_(settings_.bounds) {
  char buffer[64];
  const auto boot_id = procfs_.read_at("sys/kernel/random/boot_id", buffer);
  if (boot_id) boot_id_ = boot_id->substr(0, boot_id->find('\n'));
  if (const auto inode = root.inode()) root_ = *inode;
  if (!settings_.state_file.empty()) load();
  if (!settings_.kernel_log.empty()) kernel_log_.emplace(settings_.kernel_log, log_);
  if (!settings_.is_watching) return;
  auto again = root.open_at(".");
  if (again) watcher_.emplace(std::move(*again), settings_.max_watches, log_);
}

Audit::~Audit() { save_now(); }

bool Audit::is_settled() const {
  return watcher_ && watcher_->is_quiet() && !is_dirty_ &&
         last_eventful_pass_ + passes_to_remember < pass_;
}

void Audit::save_now() {
  if (is_dirty_) save();
}

void Audit::load() {
  const std::string& path = settings_.state_file;
  const auto slash = path.rfind('/');
  const auto dir = base::Dir::open(slash == std::string::npos ? "." : path.substr(0, slash + 1));
  if (!dir) return;  // the first run
  const std::string name = path.substr(slash == std::string::npos ? 0 : slash + 1);
  const auto text = dir->read_all_at(name.c_str(), longest_state);
  if (!text && text.error().code == ENOENT) return;
  auto state = text ? oom::parse_state(*text) : std::nullopt;
  const bool is_of_this_boot = state && !boot_id_.empty() && state->boot_id == boot_id_;
  if (is_of_this_boot && state->root == root_) {
    account_.restore(std::move(state->balances), state->charged, state->is_partial);
    ledger_.restore(std::move(state->ledger));
    is_first_pass_ = false;  // what comes now happened since
    return;
  }
  const std::string aside = path + ".old";
  const bool is_aside = std::rename(path.c_str(), aside.c_str()) == 0;
  log_.warn("OOM kills are counted anew from the kernel's own counters",
            {{"reason", !text    ? text.error().message()
                        : !state ? std::string("the state file is no state of this version")
                        : is_of_this_boot
                            ? std::string("the state file is of another part of the hierarchy")
                            : std::string("the state file is from another boot")},
             {"state_file", path},
             {"set_aside_as", is_aside ? aside : std::string("nothing")}});
}

void Audit::save() {
  saved_ = std::chrono::steady_clock::now();
  is_dirty_ = false;
  if (settings_.state_file.empty()) return;
  const auto text = oom::to_json({boot_id_, ledger_.content(), account_.balances(),
                                  account_.charged(), account_.was_partial(), root_});
  // What could not be read again would take the place of what can.
  const int error =
      text.size() > longest_state ? EFBIG : oom::write_file(settings_.state_file, text);
  if (error != 0 && !has_failed_to_save_) {
    log_.warn("OOM kills are not kept across a restart: the state file cannot be written",
              {{"state_file", settings_.state_file},
               {"error", std::strerror(error)},
               {"hint",
                "give the exporter a directory of its own, or name another file with "
                "--oom.state-file (empty: none)"}});
  }
  has_failed_to_save_ = error != 0;
  is_dirty_ = error != 0;
}

void Audit::begin() {
  begun_ = std::chrono::steady_clock::now();
  ++pass_;
  sightings_.clear();
  const auto vmstat = procfs_.read_all_at("vmstat", std::size_t{1} << 20);
  host_kills_ = vmstat ? oom::parse_host_kills(*vmstat) : std::nullopt;
}

void Audit::see(const cgroup::Node& node) {
  oom::Sighting sighting;
  sighting.id = node.id;
  if (node.parent != nullptr) sighting.parent = node.parent->index;
  const auto total = read_events(node.dir, events_name);
  const auto local = total ? read_events(node.dir, oom::events_file) : std::nullopt;
  if (local) {
    sighting.total = total->events;
    sighting.local = local->events;
    sighting.generation = local->generation;
  }
  sightings_.push_back(sighting);
}

void Audit::settle(std::span<cgroup::Node* const> nodes, Identities identities,
                   identity::Resolver& resolver, bool is_partial) {
  oom::Watcher::Report beside;
  if (watcher_) {
    if (!watcher_->is_quiet()) last_eventful_pass_ = pass_;
    living_.clear();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const cgroup::Node& node = *nodes[i];
      living_.push_back({node.id, node.parent != nullptr ? node.parent->id : 0, node.path,
                         sightings_[i].generation});
    }
    beside = watcher_->exchange(living_, begun_);
    watcher_figures_ = beside.figures;
  }
  std::vector<oom::Glimpse> glimpses;
  glimpses.reserve(beside.strangers.size());
  for (const auto& each : beside.strangers) glimpses.push_back(each.glimpse);
  const auto verdict =
      account_.settle(host_kills_, sightings_, glimpses, beside.unsettled, is_partial);

  const auto now = since_1970();
  take_owners(nodes, identities);
  charge(verdict, beside, resolver, now);
  take_victims(resolver);

  note_living(now);
  if (ledger_.content() != *shown_)
    shown_ = std::make_shared<const oom::LedgerContent>(ledger_.content());
  is_first_pass_ = false;
  if (is_dirty_ && std::chrono::steady_clock::now() - saved_ >= between_saves) save();
}

// A name that came late: the kills so far are the owner's under its right name.
void Audit::take_owners(std::span<cgroup::Node* const> nodes, Identities identities) {
  std::map<oom::Owner, oom::Owner> renamed;
  std::size_t count = 0;
  bool has_changed = false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (sightings_[i].generation == 0) continue;
    ++count;
    Account& account = accounts_[nodes[i]->id];
    const bool was_seen = account.seen_in + 1 == pass_;
    account.seen_in = pass_;
    if (account.identity == identities[i]) {
      has_changed = has_changed || !was_seen;
      continue;
    }
    has_changed = true;
    account.identity = identities[i];
    auto owner = owner_of(*identities[i], nodes[i]->path);
    const bool is_new = account.path.empty() || std::exchange(account.is_unknown, false);
    account.path = nodes[i]->path;
    if (!is_new && account.owner != owner) renamed.try_emplace(account.owner, owner);
    account.owner = std::move(owner);
  }
  has_changed = has_changed || count != living_count_;
  living_count_ = count;
  if (has_changed) {
    living_owners_.clear();
    living_paths_ = {"/"};
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (sightings_[i].generation == 0) continue;
      living_owners_.insert(accounts_[nodes[i]->id].owner);
      living_paths_.insert(nodes[i]->path);
    }
  }
  for (const auto& [from, to] : renamed) {
    if (!living_owners_.contains(from) && ledger_.rename(from, to)) is_dirty_ = true;
  }
}

void Audit::note_living(milliseconds now) {
  std::erase_if(accounts_, [&](const auto& known) {
    return known.second.seen_in + passes_to_remember < pass_;
  });
  const auto forgotten = ledger_.content().forgotten;
  ledger_.note_time(now, std::chrono::duration_cast<milliseconds>(
                             std::chrono::steady_clock::now().time_since_epoch()));
  ledger_.note_living(living_owners_, living_paths_, now);
  is_dirty_ = is_dirty_ || forgotten != ledger_.content().forgotten;
}

// Whose those are that nobody saw alive is asked at once, because the files that tell it go soon
// too; but of no more than there is time for: whoever makes and removes cgroups must not hold up a
// pass.
void Audit::take_strangers(const std::vector<oom::Stranger>& strangers,
                           identity::Resolver& resolver) {
  constexpr milliseconds longest{20};
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& each : strangers) {
    if (each.glimpse.generation == 0) continue;
    const auto [at, is_new] = accounts_.try_emplace(each.glimpse.id);
    if (!is_new) continue;
    at->second = {{}, each.path, pass_, {}, true};
    if (std::chrono::steady_clock::now() - begin < longest) find_owner(at->second, resolver);
  }
}

const oom::Owner& Audit::find_owner(Account& account, identity::Resolver& resolver) {
  if (std::exchange(account.is_unknown, false))
    account.owner = owner_of(resolver.describe(account.path), account.path);
  return account.owner;
}

void Audit::charge(const oom::Verdict& verdict, const oom::Watcher::Report& beside,
                   identity::Resolver& resolver, milliseconds now) {
  auto memories = beside.memories;
  for (const auto& each : beside.strangers) memories.emplace(each.glimpse.id, each.memory);
  take_strangers(beside.strangers, resolver);
  for (const auto& charge : verdict.charges) {
    is_dirty_ = true;
    const auto known = accounts_.find(charge.id);
    if (known == accounts_.end()) {  // a suspect that waited for longer than it is remembered
      ledger_.charge_rest("/", charge.kills);
      continue;
    }
    const oom::Owner& owner = find_owner(known->second, resolver);
    // Kills from before the first pass have no time.
    ledger_.charge(owner, charge, is_first_pass_ ? milliseconds(0) : now);
    const auto memory = memories.find(charge.id);
    if (memory != memories.end() && memory->second != oom::LastMemory())
      ledger_.note_memory(owner, memory->second);
    if (!is_first_pass_) log_kills(known->second, charge);
  }
  for (const auto& rest : verdict.rests) {
    const auto known = accounts_.find(rest.id);
    const std::string path = known == accounts_.end() ? "/" : known->second.path;
    ledger_.charge_rest(path, rest.kills);
    if (!is_first_pass_) {
      log_.warn("OOM kills in cgroups that are gone",
                {{"below", path}, {"kills", std::to_string(rest.kills)}});
    }
    is_dirty_ = true;
  }
}

void Audit::log_kills(const Account& account, const oom::Charge& charge) {
  log_.warn("OOM kill", {{"cgroup", account.path},
                         {"namespace", account.owner.namespace_name},
                         {"pod", account.owner.pod},
                         {"container", account.owner.container},
                         {"unit", account.owner.unit},
                         {"kills", std::to_string(charge.kills)},
                         {"limit", std::string(to_string(charge.limit))}});
}

void Audit::take_victims(identity::Resolver& resolver) {
  if (!kernel_log_) return;
  const auto victims = kernel_log_->read_new();
  if (victims.empty()) return;
  std::map<std::string_view, Account*> by_path;
  for (auto& [id, account] : accounts_) by_path.emplace(account.path, &account);
  for (const auto& victim : victims) {
    ledger_.note_constraint(victim.constraint);
    const auto account = by_path.find(victim.cgroup);
    if (account != by_path.end()) {
      ledger_.note_victim(find_owner(*account->second, resolver),
                          {victim.comm, victim.pid, victim.constraint, victim.oom_cgroup});
    }
    log_.info("OOM victim", {{"comm", victim.comm},
                             {"pid", victim.pid},
                             {"cgroup", victim.cgroup},
                             {"constraint", victim.constraint},
                             {"oom_cgroup", victim.oom_cgroup},
                             {"rss_kib", victim.rss_kib},
                             {"oom_score_adj", victim.oom_score_adj}});
    is_dirty_ = true;
  }
}

AuditFigures Audit::figures() const {
  AuditFigures figures;
  figures.owners = ledger_.content().owners.size();
  figures.evicted = ledger_.evicted();
  figures.watched = watcher_figures_.watched;
  figures.unwatched = watcher_figures_.unwatched;
  figures.overflows = watcher_figures_.overflows;
  figures.reads_kernel_log = kernel_log_ && kernel_log_->is_open();
  if (kernel_log_) figures.log_losses = kernel_log_->losses();
  return figures;
}

}  // namespace cgroup2::snapshot
