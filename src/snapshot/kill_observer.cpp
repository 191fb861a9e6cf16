// SPDX-License-Identifier: Apache-2.0
#include "snapshot/kill_observer.h"

#include <optional>

#include "oom/events.h"
#include "oom/watched.h"
#include "snapshot/owner.h"

namespace cgroup2::snapshot {
namespace {

struct Counters {
  oom::Events events;
  std::uint64_t generation;  // inode of the file
};

std::optional<Counters> read_counters(const base::Dir& dir, const char* name) {
  char buffer[512];
  const auto file = dir.read_identified_at(name, buffer);
  const auto events = file ? oom::parse_events(file->text) : std::nullopt;
  if (!events) return std::nullopt;
  return Counters{*events, file->inode};
}

}  // namespace

oom::Observation observe_kills(const cgroup::Node& node) {
  oom::Observation seen;
  seen.cgroup.id = node.id;
  seen.path = node.path;
  if (node.parent != nullptr) {
    seen.cgroup.parent = node.parent->id;
    seen.parent_index = node.parent->index;
  }
  const auto total = read_counters(node.dir, "memory.events");
  const auto local = total ? read_counters(node.dir, oom::events_local_file) : std::nullopt;
  if (local) {
    seen.total = total->events;
    seen.local = local->events;
    seen.cgroup.generation = local->generation;
  }
  return seen;
}

oom::Owner PathOwners::owner_of(const std::string& path) {
  return snapshot::owner_of(resolver_.describe(path), path);
}

}  // namespace cgroup2::snapshot
