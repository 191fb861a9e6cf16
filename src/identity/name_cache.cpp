// SPDX-License-Identifier: Apache-2.0
#include "identity/name_cache.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "identity/paths.h"

namespace cgroup2::identity {
namespace {

// What is read for a user in one pass: a list of the greatest size and some configurations.
constexpr std::size_t max_bytes_of_user = 2 * max_file_of_user;

// How many containers that no walk saw, because they ended too soon, are looked up for a user in
// one pass. Each costs some file names, also where it reads nothing.
constexpr unsigned max_removed_of_user = 16;

// Bounds the lookups for a container that has a name but not all others, for example because the
// right to read bundles is missing. The back-off makes it half a minute. Runtimes write their files
// before a container starts, the kubelet makes its link after that.
constexpr unsigned max_looks_once_named = 6;

bool has_name(const Names& names) {
  return !names.container.empty() || !names.pod.empty() || !names.machine.empty();
}

bool is_complete(const NameQuery& query, const Names& names) {
  if (query.workload.kind == WorkloadKind::pod) return !names.pod.empty();
  if (!names.machine.empty()) return true;
  return !names.image.empty() && (names.is_sandbox || !names.container.empty());
}

// When the entry is looked up next. One that is left over gets no more names.
NameCache::Clock::time_point next_of(const NameEntry& entry) {
  return NameCache::is_left_over(entry) ? NameCache::Clock::time_point::max()
                                        : entry.backoff.next();
}

// Keeps the names of a pod and of a container with the same id apart, and those of two containers
// that containerd calls by the same word in two of its namespaces.
std::string key_of(const Workload& workload, std::string_view path) {
  if (workload.kind == WorkloadKind::pod)
    return workload.pod_uid.empty() ? "" : "pod/" + std::string(workload.pod_uid);
  if (workload.container_id.empty()) return {};
  std::string key =
      std::string(to_string(workload.runtime)) + '/' + std::string(workload.container_id);
  if (is_plain_name_of_containerd(workload)) key += path_of_workload(path, workload);
  return key;
}

}  // namespace

struct NameCache::Turn {
  const std::string& user;
  Entries& entries;
  std::size_t next = 0;  // of the entries, to look at in this pass
  std::size_t left = max_bytes_of_user;
  bool is_over = false;  // the next entry needs more than is left
};

NameCache::NameCache(base::Dir root, std::vector<std::string> labels, LookupCounts& counts)
    : root_(std::move(root)), annotations_(std::move(labels)), counts_(counts) {}

std::shared_ptr<NameEntry> NameCache::open(const Workload& workload, const base::SharedText& path,
                                           const base::SharedText& user) {
  std::string key = key_of(workload, path);
  if (key.empty()) return nullptr;
  // Whoever is in that container may call a pod like one of the host's.
  if (workload.is_of_inner_kubelet) key.insert(0, "inner/");
  if (!user.empty()) key.insert(0, "user/" + std::string(user) + '/');
  auto& known = entries_[key];
  auto entry = known.lock();
  if (entry) return entry;
  entry = std::make_shared<NameEntry>();
  entry->query = {workload, path, user};
  entry->is_done = workload.is_of_inner_kubelet;
  known = entry;
  if (!entry->is_done) queue_of(*entry).push_back(entry);
  return entry;
}

void NameCache::ask_again(const std::shared_ptr<NameEntry>& entry) {
  if (entry->query.workload.is_of_inner_kubelet) return;
  entry->looks = 0;
  entry->backoff = Backoff();
  if (entry->is_done) queue_of(*entry).push_back(entry);
  entry->is_done = false;
}

bool NameCache::look(Clock::time_point now, Clock::duration max_time) {
  next_look_ = Clock::time_point::max();
  removed_.clear();
  looks_of_users_.clear();
  time_of_users_ = {};
  find_roots_if_due(now);
  const auto end = Clock::now() + max_time;  // not for the roots, without which no name is found
  const bool is_changed = take_turns(now, end);
  const bool is_changed_of_users = take_turns_of_users(now, end);
  std::erase_if(entries_, [](const auto& entry) { return entry.second.expired(); });
  return is_changed || is_changed_of_users;
}

bool NameCache::look_at_removed(const std::shared_ptr<NameEntry>& entry, Clock::time_point now,
                                Clock::duration max_time) {
  if (entry->looks > 0 || entry->is_done) return false;
  find_roots_if_due(now);
  const base::SharedText& user = entry->query.user;
  budget_ = {.left = std::numeric_limits<std::size_t>::max()};
  if (user.empty()) {
    removed_.push_back(entry);
    return look_up(*entry, now);
  }
  LooksAtRemoved& looks = looks_of_users_[std::string(user)];
  if (looks.count == max_removed_of_user || time_of_users_ >= max_time) return false;
  ++looks.count;
  removed_.push_back(entry);
  budget_.left = max_bytes_of_user - looks.bytes;
  const auto begun = Clock::now();
  const bool is_changed = look_up(*entry, now);
  time_of_users_ += Clock::now() - begun;
  looks.bytes = max_bytes_of_user - budget_.left;
  return is_changed;
}

// A runtime that was configured anew is restarted, which makes new containers.
void NameCache::find_roots_if_due(Clock::time_point now) {
  if (procfs_ == nullptr || now < next_roots_ || (pending_.empty() && pending_of_users_.empty()))
    return;
  next_roots_ = now + std::chrono::minutes(1);
  files_.roots = find_runtime_roots(root_, *procfs_, root_settings_);
}

bool NameCache::had_a_minute(const NameEntry& entry) {
  return entry.looks >= Backoff::looks_in_first_minute;
}

bool NameCache::is_left_over(const NameEntry& entry) {
  return !entry.is_populated && (entry.was_found_empty || had_a_minute(entry));
}

bool NameCache::may_get_name(const NameEntry& entry) {
  return entry.query.workload.kind == WorkloadKind::container && entry.names.container.empty() &&
         !entry.is_done && !had_a_minute(entry) && !is_left_over(entry);
}

// A pod has its links once its first container runs, which a minute is enough for.
void NameCache::note_nameless(const NameEntry& entry) {
  const bool is_nameless = entry.query.workload.kind == WorkloadKind::pod &&
                           entry.query.user.empty() &&
                           entry.looks == Backoff::looks_in_first_minute &&
                           entry.names.pod.empty() && entry.is_populated;
  has_pod_names_ = has_pod_names_ || (entry.query.user.empty() && !entry.names.pod.empty());
  if (is_nameless && !has_pod_names_) nameless_pod_ = std::string(entry.query.path);
}

std::optional<std::string> NameCache::take_nameless_pod() {
  return std::exchange(nameless_pod_, std::nullopt);
}

bool NameCache::take_turns(Clock::time_point now, Clock::time_point end) {
  budget_ = {.left = std::numeric_limits<std::size_t>::max()};
  bool is_changed = false;
  auto next = pending_.begin();
  for (; next != pending_.end() && Clock::now() < end; ++next) {
    const auto entry = next->lock();
    if (!entry) continue;
    if (!entry->is_done && next_of(*entry) <= now) is_changed = look_up(*entry, now) || is_changed;
    if (entry->is_done) {
      next->reset();
    } else {
      next_look_ = std::min(next_look_, next_of(*entry));
    }
  }
  if (next != pending_.end()) next_look_ = now;
  std::rotate(pending_.begin(), next, pending_.end());
  std::erase_if(pending_, [](const auto& entry) { return entry.expired(); });
  return is_changed;
}

bool NameCache::take_turns_of_users(Clock::time_point now, Clock::time_point end) {
  std::vector<Turn> turns;
  const auto first = pending_of_users_.upper_bound(last_user_);
  for (auto at = first; at != pending_of_users_.end(); ++at)
    turns.push_back({at->first, at->second});
  for (auto at = pending_of_users_.begin(); at != first; ++at)
    turns.push_back({at->first, at->second});
  bool is_changed = false;
  bool is_more = true;
  while (is_more && Clock::now() < end) {
    is_more = false;
    for (Turn& turn : turns) {
      if (Clock::now() >= end) break;
      if (turn.is_over) continue;
      is_changed = take_one(turn, now) || is_changed;
      is_more = is_more || (!turn.is_over && turn.next < turn.entries.size());
    }
  }
  for (Turn& turn : turns) finish(turn, now);
  std::erase_if(pending_of_users_, [](const auto& each) { return each.second.empty(); });
  return is_changed;
}

// Looks up the next entry of the user that is due.
bool NameCache::take_one(Turn& turn, Clock::time_point now) {
  for (; turn.next < turn.entries.size(); ++turn.next) {
    const auto entry = turn.entries[turn.next].lock();
    if (!entry || entry->is_done || next_of(*entry) > now) continue;
    budget_ = {.left = turn.left};
    const bool had_all = turn.left == max_bytes_of_user;
    last_user_ = turn.user;
    const bool is_changed = look_up(*entry, now);
    turn.left = budget_.left;
    turn.is_over = budget_.is_exceeded && !had_all;
    if (!turn.is_over) ++turn.next;
    return is_changed;
  }
  return false;
}

// Puts the entries that had their turn behind the others.
void NameCache::finish(Turn& turn, Clock::time_point now) {
  Entries& entries = turn.entries;
  const auto next = entries.begin() + static_cast<std::ptrdiff_t>(turn.next);
  std::rotate(entries.begin(), next, entries.end());
  std::erase_if(entries, [](const auto& each) {
    const auto entry = each.lock();
    return !entry || entry->is_done;
  });
  for (const auto& each : entries)
    next_look_ = std::min(next_look_, std::max(now, next_of(*each.lock())));
}

bool NameCache::look_up(NameEntry& entry, Clock::time_point now) {
  const NameQuery& query = entry.query;
  const std::size_t budget = budget_.left;
  Names names;
  IdentitySource first = IdentitySource::none;  // that has a name
  bool is_asked = false;
  const auto ask = [&](IdentitySource source, const auto& look) {
    const bool may_know = row_of(query.workload.runtime).sources.has(source) &&
                          (entry.query.user.empty() || row_of(source).has_files_of_users);
    if (!may_know || is_complete(query, names)) return;
    const std::optional<LookupResult> result = look();
    if (!result) return;
    is_asked = true;
    counts_.add(source, *result);
    if (*result == LookupResult::found && first == IdentitySource::none && has_name(names))
      first = source;
  };
  ask(IdentitySource::log_links, [&] { return log_links_.look(query, names); });
  ask(IdentitySource::pod_logs, [&] { return pod_logs_.look(query, names); });
  ask(IdentitySource::machined, [&] { return machines_.look(query, names); });
  for (const auto& row : all_sources) {
    if (row.look != nullptr) ask(row.source, [&] { return row.look(files_, query, names); });
  }
  ask(IdentitySource::runtime_state, [&] { return states_.look(query, names); });
  // What is not read of a user's files for lack of budget is read in the next pass, with all of it.
  if (budget_.is_exceeded && budget < max_bytes_of_user) return false;
  // A user can write any namespace of Kubernetes into his own files.
  if (!entry.query.user.empty()) names.namespace_name.clear();

  shorten(names);
  const bool could_get_name = may_get_name(entry);
  ++entry.looks;
  const bool is_known = has_name(names) || names != Names();
  const bool is_changed = is_known && names != entry.names;
  if (is_known) {
    entry.names = std::move(names);
    entry.source = first;
  }
  note_nameless(entry);
  entry.backoff.note_look(now, is_changed);
  entry.is_done = !is_asked || is_complete(query, entry.names) ||
                  (has_name(entry.names) && entry.looks >= max_looks_once_named);
  return is_changed || could_get_name != may_get_name(entry);
}

}  // namespace cgroup2::identity
