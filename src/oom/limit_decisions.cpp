// SPDX-License-Identifier: Apache-2.0
#include "oom/limit_decisions.h"

#include <optional>

namespace cgroup2::oom {
namespace {

// The kernel raises `oom` before it kills, and passes may fall between these and between the kills
// of a group (oom_kill_process() in mm/oom_kill.c).
constexpr std::uint64_t max_passes_of_oom = 2;
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
  auto evidence = find_evidence(known, id, id, pass);
  const bool is_same_oom = cgroup.limit_in != 0 && cgroup.limit_in + max_passes_of_oom >= pass;
  if (!evidence && is_same_oom) evidence = {cgroup.limit, cgroup.limit_in};
  if (!evidence) {
    waiting_.push_back({id, kills, pass, id});
    return;
  }
  cgroup.limit = evidence->limit;
  cgroup.limit_in = pass;
  decided.push_back({id, kills, evidence->limit, evidence->pass < pass});
}

void LimitDecisions::decide_waiting(KnownCgroups& known, std::vector<KillsByLimit>& decided) {
  for (const Waiting& each : waiting_) {
    const auto evidence = find_evidence(known, each.id, each.from, each.pass);
    decided.push_back({each.id, each.kills, evidence ? evidence->limit : Limit::none, false});
  }
  waiting_.clear();
}

}  // namespace cgroup2::oom
