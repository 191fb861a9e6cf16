// SPDX-License-Identifier: Apache-2.0
#include "snapshot/kill_observer.h"

#include <optional>
#include <span>

#include "oom/events.h"
#include "oom/watched.h"
#include "snapshot/owner.h"

namespace cgroup2::snapshot {
namespace {

// Reads into `buffer`. Only the inode of memory.events.local tells which counters it has.
std::optional<oom::Events> read_total(const base::Dir& dir, std::span<char> buffer,
                                      EventTexts& texts) {
  const auto text = dir.read_at("memory.events", buffer);
  if (!text) return std::nullopt;
  texts.add("memory.events", *text);
  return oom::parse_events(*text);
}

// A virtual machine begins like a container. A job has a number of its own, so it begins once.
oom::ContainerStart start_of(const identity::Identity& identity) {
  const identity::Workload& owner = identity.owner;
  const bool is_container = (owner.kind == identity::WorkloadKind::container ||
                             owner.kind == identity::WorkloadKind::vm) &&
                            owner.subpath.empty();
  if (!is_container) return oom::ContainerStart::none;
  return identity.may_get_name ? oom::ContainerStart::open : oom::ContainerStart::known;
}

}  // namespace

oom::Observation observe_kills(const cgroup::Node& node, EventTexts& texts) {
  texts.begin_cgroup();
  oom::Observation seen;
  seen.cgroup.id = node.id;
  seen.path = node.path;
  if (node.parent != nullptr) {
    seen.cgroup.parent = node.parent->id;
    seen.parent_index = node.parent->index;
  }
  char buffer[512];
  const auto total = read_total(node.dir, buffer, texts);
  if (!total) return seen;
  const auto file = node.dir.read_identified_at(oom::events_local_file, buffer);
  if (!file) return seen;
  texts.add(oom::events_local_file, file->text);
  if (const auto local = oom::parse_events(file->text)) {
    seen.total = *total;
    seen.local = *local;
    seen.cgroup.generation = file->inode;
  }
  return seen;
}

oom::Owner PathOwners::owner_of(const base::SharedText& path) {
  return snapshot::owner_of(resolver_.describe(path), path);
}

oom::ContainerStart PathOwners::start_of(std::size_t observation) {
  return snapshot::start_of(*cgroups_[observation]->identity);
}

oom::ContainerStart PathOwners::start_of(const base::SharedText& path) {
  return snapshot::start_of(resolver_.describe(path));
}

}  // namespace cgroup2::snapshot
