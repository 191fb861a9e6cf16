// SPDX-License-Identifier: Apache-2.0
#include "oom/limit_decisions.h"

#include <optional>
#include <utility>

namespace cgroup2::oom {
namespace {

// The kernel raises `oom` before it kills, and passes may fall between these and between the kills
// of a group (oom_kill_process() in mm/oom_kill.c).
constexpr std::uint64_t max_passes_of_oom = 2;
// How long kills without evidence of their own may belong to an OOM that had some.
constexpr std::uint64_t max_passes_of_group = 6;
// The kernel logs before it counts.
constexpr std::uint64_t passes_from_log_to_kill = 1;

struct Evidence {
  Limit limit;
  std::uint64_t pass;  // in which it was seen
};

// The latest sign for kills that the pass `pass` found: the kernel's log, else an `oom` that rose
// on the way up from `from`, the nearest one first.
std::optional<Evidence> find_evidence(KnownCgroups& known, std::uint64_t id, std::uint64_t from,
                                      std::uint64_t pass) {
  std::optional<Evidence> latest;
  const auto consider = [&](Limit limit, std::uint64_t seen_in, std::uint64_t passes) {
    const bool is_recent = seen_in != 0 && seen_in + passes >= pass;
    if (is_recent && (!latest || seen_in > latest->pass)) latest = {limit, seen_in};
  };
  (void)known.walk_up(from, [&](std::uint64_t at, const KnownCgroup& cgroup) {
    if (at == id) consider(cgroup.logged, cgroup.logged_in, passes_from_log_to_kill);
    consider(at == id ? Limit::own : Limit::ancestor, cgroup.oom_in, max_passes_of_oom);
    return false;
  });
  return latest;
}

}  // namespace

void LimitDecisions::decide(KnownCgroups& known, std::uint64_t id, std::uint64_t kills,
                            std::uint64_t pass, std::vector<KillsByLimit>& decided) {
  KnownCgroup& cgroup = known[id];
  const auto evidence = find_evidence(known, id, id, pass);
  const bool is_recent = cgroup.limit_in != 0 && cgroup.limit_in + max_passes_of_oom >= pass;
  const bool is_same_oom =
      is_recent && cgroup.evidence_in != 0 && cgroup.evidence_in + max_passes_of_group >= pass;
  if (!evidence && !is_same_oom) {
    waiting_.push_back({id, kills, pass, cgroup.parent, id});
    return;
  }
  const bool is_decided_now = cgroup.limit_in == pass;  // of kills that waited
  const bool is_continued = !evidence || evidence->pass < pass || is_decided_now;
  if (evidence) cgroup.limit = evidence->limit;
  if (evidence) cgroup.evidence_in = pass;
  cgroup.limit_in = pass;
  decided.push_back({id, kills, cgroup.limit, is_continued});
}

void LimitDecisions::decide_waiting(KnownCgroups& known, std::uint64_t pass, Limit otherwise,
                                    std::vector<KillsByLimit>& decided) {
  for (const Waiting& each : waiting_) {
    const auto evidence = find_evidence(known, each.id, each.from, each.pass);
    // Of ancestors that are gone too nobody knows whether their `oom` rose.
    const bool is_whole_path = each.from == each.id || each.from == each.parent;
    const Limit limit = evidence ? evidence->limit : is_whole_path ? otherwise : Limit::unknown;
    const auto cgroup = known.map().find(each.id);
    bool is_continued = false;
    if (cgroup != known.map().end()) {
      KnownCgroup& killed = cgroup->second;
      is_continued = killed.limit_in != 0 && killed.limit_in + max_passes_of_oom >= each.pass;
      killed.limit = limit;
      killed.limit_in = pass;
      if (evidence) killed.evidence_in = pass;
    }
    decided.push_back({each.id, each.kills, limit, is_continued});
  }
  waiting_.clear();
}

std::vector<KillsByLimit> LimitDecisions::give_up() {
  std::vector<KillsByLimit> decided;
  for (const Waiting& each : std::exchange(waiting_, {}))
    decided.push_back({each.id, each.kills, Limit::unknown, false});
  return decided;
}

}  // namespace cgroup2::oom
