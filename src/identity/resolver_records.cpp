// SPDX-License-Identifier: Apache-2.0
// What the resolver finds out about a cgroup when it is new: what its path says, and who chose it.
//
// A directory can be made by root and by the owner of the one above it; the kernel asks for nothing
// else (cgroup v2 is delegated by giving a directory to a user, "Delegation" in cgroup-v2.rst). So
// the names of a cgroup are root's if all directories above it are, and else those of the topmost
// owner who is not root: a user's service manager, or a service with User= and Delegate=.
#include <algorithm>
#include <string>
#include <utility>

#include "base/cgroup_path.h"
#include "identity/components.h"
#include "identity/paths.h"
#include "identity/resolver.h"
#include "identity/users.h"

namespace cgroup2::identity {
namespace {

// Whether one of the directories above the last component is called like a unit that systemd can
// give to a user: it does that with services and scopes (User= and Delegate=), not with slices.
bool has_unit_above(std::string_view path) {
  auto name = next_component(path);
  while (name && !path.empty()) {
    if (name->ends_with(".service") || name->ends_with(".scope")) return true;
    name = next_component(path);
  }
  return false;
}

}  // namespace

Resolver::CgroupRecord& Resolver::find_or_make(const ResolverInput& input,
                                               std::span<const ResolverInput> inputs) {
  CgroupRecord& record = records_[input.id];
  if (record.last_call == 0 || record.path != input.path) {
    record = CgroupRecord();
    record.path = input.path;
    record.first_call = call_;
    take_maker(record, input, inputs);
    take_path(record, input);
    counts_->add(IdentitySource::path, record.path_workload.kind == WorkloadKind::other
                                           ? LookupResult::absent
                                           : LookupResult::found);
    is_dirty_ = true;
  }
  if (record.last_call != call_) ++known_in_call_;
  record.last_call = call_;
  record.dir = input.dir;
  return record;
}

void Resolver::note_directory_owner(CgroupRecord& record, const base::Dir& dir) {
  const auto owner = dir.owner();
  if (owner) record.directory_owner = *owner;
}

// The owner of the directory above is asked now: systemd gives a new one away after it made it, and
// only then can this one have been made by somebody else.
void Resolver::take_maker(CgroupRecord& record, const ResolverInput& input,
                          std::span<const ResolverInput> inputs) {
  if (input.parent >= order_.size()) {
    note_directory_owner(record, *input.dir);
    root_owner_ = record.directory_owner;
    return;
  }
  CgroupRecord& parent = *order_[input.parent];
  note_directory_owner(parent, *inputs[input.parent].dir);
  record.maker = maker_below(parent);
}

base::SharedText Resolver::maker_below(const CgroupRecord& parent) const {
  const bool is_roots = !parent.directory_owner || parent.directory_owner == root_owner_;
  if (!parent.maker.empty() || is_roots) return parent.maker;
  return std::to_string(*parent.directory_owner);
}

void Resolver::take_path(CgroupRecord& record, const ResolverInput& input) {
  auto workload = parse_path(record.path);
  auto source = workload.kind == WorkloadKind::other ? IdentitySource::none : IdentitySource::path;
  if (workload.kind == WorkloadKind::other) {
    if (auto of_state = name_cache_.states().workload_of(record.path)) {
      of_state->unit = std::move(workload.unit);
      of_state->user_unit = std::move(workload.user_unit);
      workload = *std::move(of_state);
      source = IdentitySource::runtime_state;
    }
  }
  if (auto machine = machine_of(record, workload)) {
    workload = *std::move(machine);
    source = IdentitySource::machined;
  }
  const bool is_below_workload = !workload.subpath.empty() && input.parent < order_.size();
  base::SharedText user;
  if (const auto manager = user_of_workload(record.path, workload.subpath)) {
    user = *manager;
  } else if (is_below_workload) {
    user = order_[input.parent]->user;
  } else if (source == IdentitySource::path || source == IdentitySource::none) {
    // The other sources are root's own files.
    user = record.maker;
  }
  if (workload == record.path_workload && user == record.user) return;
  record.user = std::move(user);
  record.path_workload = std::move(workload);
  record.path_source = source;
  is_dirty_ = true;
}

// Asks systemd-machined of every unit that is root's: who was given a directory may call one below
// it like a unit. What the path says stands, unless that lies in the machine.
std::optional<Workload> Resolver::machine_of(const CgroupRecord& record,
                                             const Workload& workload) const {
  if (workload.unit.empty() || !record.maker.empty()) return std::nullopt;
  if (!workload.pod_uid.empty() || !workload.qos.empty()) return std::nullopt;
  auto machine = name_cache_.machines().workload_of(record.path, workload.unit);
  const bool is_above = machine && (workload.kind == WorkloadKind::other ||
                                    machine->subpath.size() > workload.subpath.size());
  if (!is_above) return std::nullopt;
  machine->unit = workload.unit;
  machine->user_unit = workload.user_unit;
  return machine;
}

// Below a user's service manager everything is the user's. Elsewhere the units are root's, and
// only workloads are called by whoever made them. A batch system of root's may name whose job it
// is.
base::SharedText Resolver::user_name_of(std::string_view path, const Workload& workload,
                                        const base::SharedText& user, Clock::time_point now) {
  const bool is_shown = workload.kind != WorkloadKind::other || user_of_path(path);
  const base::SharedText& shown = is_shown && !user.empty() ? user : workload.job_user;
  return shown.empty() ? base::SharedText() : name_cache_.users().name_of(shown, now);
}

Identity Resolver::identify_by_path(const base::SharedText& path) {
  Identity identity;
  identity.workload = parse_path(path);
  const auto user = user_of_removed(path, identity.workload);
  // What it is called says nothing where nobody knows who called it so. Its unit is root's.
  if (!user) identity.workload = {.unit = identity.workload.unit};
  identity.source =
      identity.workload.kind == WorkloadKind::other ? IdentitySource::none : IdentitySource::path;
  if (!user) return identity;
  identity.user = user_name_of(path, identity.workload, *user, Clock::now());
  const auto entry = name_cache_.open(identity.workload, path, *user);
  if (entry) {
    is_dirty_ = name_cache_.look_at_removed(entry, Clock::now()) || is_dirty_;
    identity.names = entry->names;
    identity.may_get_name =
        identity.workload.kind == WorkloadKind::container && NameCache::may_get_name(*entry);
  }
  return identity;
}

// The lowest directory above it that is known tells who could make it, and its owner is asked now:
// it was given away before somebody else could make anything in it. Nothing if a unit between the
// two is gone, which may have been given away. A directory that is new may have been made again
// after that, and not be given away yet.
std::optional<base::SharedText> Resolver::user_of_removed(std::string_view path,
                                                          const Workload& workload) {
  if (const auto manager = user_of_workload(path, workload.subpath)) return *manager;
  if (workload.kind == WorkloadKind::other) return base::SharedText();
  const auto top = path_of_workload(path, workload);
  CgroupRecord* lowest = nullptr;
  for (auto& [id, record] : records_) {
    if (record.path == top) return record.user;
    const bool is_lower = lowest == nullptr || record.path.size() > lowest->path.size();
    if (is_lower && base::is_below(top, record.path)) lowest = &record;
  }
  base::SharedText user;
  std::string_view unknown = top;
  if (lowest != nullptr) {
    note_directory_owner(*lowest, *lowest->dir);
    user = maker_below(*lowest);
    if (lowest->first_call < call_) unknown.remove_prefix(lowest->path.size());
  }
  if (user.empty() && has_unit_above(unknown)) return std::nullopt;
  return user;
}

}  // namespace cgroup2::identity
