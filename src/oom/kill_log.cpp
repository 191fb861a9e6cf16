// SPDX-License-Identifier: Apache-2.0
#include "oom/kill_log.h"

#include <iterator>

namespace cgroup2::oom {
namespace {

std::string to_text(const LastRise& rise) {
  if (!rise.is_known()) return {};
  return "rose from " + std::to_string(rise.from_bytes) + " bytes to the limit within " +
         std::to_string(rise.seconds()) + " s";
}

}  // namespace

void KillLog::add(const KillsByLimit& kills, const base::SharedText& path, const Owner& owner,
                  std::uint64_t pass) {
  const auto known = waiting_.find(kills.id);
  if (known != waiting_.end() && kills.is_continued && known->second.limit == kills.limit) {
    known->second.processes += kills.kills;
    known->second.pass = pass;
    return;
  }
  if (known != waiting_.end()) write(known->second);
  waiting_.insert_or_assign(kills.id, PendingLine{path, owner, kills.kills, kills.limit, pass});
}

void KillLog::note_rise(std::uint64_t cgroup, const LastRise& rise) {
  const auto known = waiting_.find(cgroup);
  if (known != waiting_.end() && !known->second.rise.is_known()) known->second.rise = rise;
}

void KillLog::end_pass(std::uint64_t pass) {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    if (at->second.pass == pass) {
      ++at;
      continue;
    }
    write(at->second);
    at = waiting_.erase(at);
  }
}

void KillLog::write(const PendingLine& line) {
  log_.warn("OOM kill", {{"cgroup", std::string(line.path)},
                         {"namespace", std::string(line.owner.namespace_name)},
                         {"pod", std::string(line.owner.pod)},
                         {"container", std::string(line.owner.container)},
                         {"user", std::string(line.owner.user)},
                         {"job", std::string(line.owner.job)},
                         {"unit", std::string(line.owner.unit)},
                         {"processes", std::to_string(line.processes)},
                         {"limit", std::string(to_string(line.limit))},
                         {"memory", to_text(line.rise)}});
}

void KillLog::write_unattributed(const std::string& path, std::uint64_t kills) {
  log_.warn("OOM kills in removed cgroups",
            {{"below", path}, {"processes", std::to_string(kills)}});
}

void KillLog::write_victim(const Victim& victim) {
  if (victim.cgroup.empty()) {
    log_.info("OOM victim in a cgroup that the kernel's log does not name for certain",
              {{"pid", victim.pid}, {"constraint", victim.constraint}});
    return;
  }
  log_.info("OOM victim", {{"comm", victim.comm},
                           {"pid", victim.pid},
                           {"cgroup", victim.cgroup},
                           {"constraint", victim.constraint},
                           {"oom_cgroup", victim.oom_cgroup},
                           {"rss_kib", victim.rss_kib},
                           {"oom_score_adj", victim.oom_score_adj}});
}

}  // namespace cgroup2::oom
