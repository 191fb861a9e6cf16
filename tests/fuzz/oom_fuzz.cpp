// SPDX-License-Identifier: Apache-2.0
// What is read of OOM kills, of any bytes; the first line names the parser: no crash, nothing
// that the text does not hold, and a state file that loses no kill whatever it says.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/procfs.h"
#include "fuzz/choice.h"
#include "oom/events.h"
#include "oom/kernel_log.h"
#include "oom/kill_attribution.h"
#include "oom/ledger.h"
#include "oom/state.h"

namespace {

using namespace cgroup2::oom;
using namespace std::chrono_literals;

void require(bool is_true) {
  if (!is_true) std::abort();
}

bool has_only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

void check_events(std::string_view text) {
  if (const auto host = cgroup2::base::find_number(text, "oom_kill"))
    require(text.find("oom_kill") != std::string_view::npos);
  const auto events = parse_events(text);
  if (!events) return;
  const std::string again = "max " + std::to_string(events->max) + "\noom " +
                            std::to_string(events->oom) + "\noom_kill " +
                            std::to_string(events->oom_kill) + "\noom_group_kill " +
                            std::to_string(events->oom_group_kill);
  require(parse_events(again) == events);
}

// A line with the first record, and the one after it.
void check_victim(std::string_view text) {
  const auto line = text.substr(0, text.find('\n'));
  auto victim = parse_oom_kill(line, [](std::string_view path) { return path.size() % 2 == 0; });
  if (!victim) return;
  const std::string end = ",pid=" + victim->pid + ",uid=";
  require(line.find(end) != std::string_view::npos);
  const std::string names = ",task_memcg=" + victim->cgroup + ",task=" + victim->comm + end;
  require(victim->cgroup.empty() || line.find(names) != std::string_view::npos);
  require(!victim->cgroup.empty() || (victim->oom_cgroup.empty() && victim->comm.empty()));
  require(has_only(victim->pid, "0123456789"));
  require(has_only(victim->constraint, "abcdefghijklmnopqrstuvwxyz_"));
  require(victim->oom_cgroup.empty() ||
          line.find(",oom_memcg=" + victim->oom_cgroup + ",task_memcg=") != std::string_view::npos);
  require(victim->rss_kib.empty() && victim->oom_score_adj.empty());

  const auto before = *victim;
  if (!add_killed_process(text.substr(line.size()), *victim)) require(*victim == before);
  require(has_only(victim->rss_kib, "0123456789"));
  require(has_only(victim->oom_score_adj, "0123456789-"));
  victim->rss_kib.clear();
  victim->oom_score_adj.clear();
  require(*victim == before);
}

void check_record(std::string_view record) {
  const auto text = parse_kmsg_record(record);
  if (!text) return;
  require(text->size() < record.size());
  const auto begin = record.find(';') + 1;
  const auto line = record.substr(begin, record.find('\n', begin) - begin);
  require(line.find('\\') != std::string_view::npos || *text == line);
}

std::uint64_t all_kills(const LedgerContent& content) {
  std::uint64_t sum = content.forgotten;
  for (const auto& [owner, entry] : content.owners) sum += entry.kills;
  for (const auto& [cgroup, kills] : content.unattributed) sum += kills;
  return sum;
}

// Some passes of an exporter that begins with the state.
void live_with(const SavedState& state) {
  constexpr std::chrono::milliseconds now{1'700'000'000'000};
  Ledger ledger({.retention = 1h, .max_owners = 3});
  ledger.restore(state.ledger);
  const auto before = all_kills(ledger.content());
  const Owner nobody;
  if (!state.ledger.owners.empty()) ledger.rename(state.ledger.owners.begin()->first, nobody);
  const auto at = [](std::chrono::hours hours) {
    return std::chrono::steady_clock::time_point(hours);
  };
  ledger.note_living({nobody}, {"/"}, at(1h));
  ledger.add_kills(nobody, 1, 0, now);
  ledger.add_by_limit(nobody, Limit::own, 1);
  ledger.note_living({}, {"/"}, at(2h));
  ledger.note_living({}, {}, at(3h));
  ledger.note_living({}, {}, at(4h));
  require(ledger.content().owners.empty() && ledger.content().unattributed.empty());
  require(ledger.content().forgotten == before + 1);

  KillAttribution attribution;
  attribution.restore(state.attribution);
  std::vector<Observation> observations{{.cgroup = {.id = 1}}};
  std::vector<LateObservation> late;
  for (const auto& [id, baseline] : state.attribution.baselines) {
    if (observations.size() > 8) break;
    if (id % 2 == 0)
      late.push_back({.cgroup = {id, baseline.parent, baseline.generation},
                      .local = baseline.local,
                      .is_gone = true,
                      .removed_before_pass = true,
                      .ended_with_event = true});
    else if (id != 1)
      observations.push_back({.cgroup = {id, baseline.parent, baseline.generation},
                              .parent_index = observations.size() / 2,
                              .total = {.oom_kill = baseline.total},
                              .local = baseline.local});
  }
  for (std::uint64_t kills = 0; kills < 4; ++kills) {
    (void)attribution.settle({.host_kills = state.attribution.counted + kills,
                              .observations = observations,
                              .late = late,
                              .pending = {},
                              .logged = {},
                              .is_partial = kills % 2 == 1});
    late.clear();
  }
}

void check_state(std::string_view text) {
  auto state = parse_state(text);
  if (!state) return;
  const auto written = write_state(*state);
  require(written.left_out == 0 && parse_state(written.text) == state);
  live_with(*state);
}

constexpr struct {
  std::string_view name;
  void (*check)(std::string_view);
} parsers[] = {{"events", check_events},
               {"victim", check_victim},
               {"record", check_record},
               {"state", check_state}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [row, text] =
      cgroup2::fuzz::choose(parsers, {reinterpret_cast<const char*>(data), size});
  parsers[row].check(text);
  return 0;
}
