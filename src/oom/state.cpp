// SPDX-License-Identifier: Apache-2.0
#include "oom/state.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "oom/shares.h"
#include "oom/state_lines.h"

namespace cgroup2::oom {
namespace {

// In the order in which records are kept if there is no space for all. Without the baseline of a
// cgroup, new kills in it may be unattributed; without that of an owner, its counter falls.
enum class RecordRank { workload, baseline, service, unattributed, other, never_killed };

struct StateRecord {
  RecordRank rank;
  bool is_owner;
  std::uint64_t kills;  // in the sum of all kills
};

RecordRank rank_of(const Owner& owner, const LedgerEntry& entry) {
  if (!entry.was_killed()) return RecordRank::never_killed;
  const auto consumer_class = share_of(owner).consumer_class;
  if (consumer_class == base::ConsumerClass::workload) return RecordRank::workload;
  return consumer_class == base::ConsumerClass::service ? RecordRank::service : RecordRank::other;
}

// Calls visit(StateRecord, make) for each, in one order; make() gives its line.
template <class Visit>
void visit_records(const SavedState& state, Visit&& visit) {
  for (const auto& [owner, entry] : state.ledger.owners) {
    if (!entry.has_counts()) continue;  // the living begin at 0 again
    visit(StateRecord{rank_of(owner, entry), true, entry.kills},
          [&owner = owner, &entry = entry] { return line_of(owner, entry); });
  }
  for (const auto& [cgroup, kills] : state.ledger.unattributed)
    visit(StateRecord{RecordRank::unattributed, false, kills},
          [&cgroup = cgroup, &kills = kills] { return line_of(cgroup, kills); });
  for (const auto& [id, baseline] : state.attribution.baselines)
    visit(StateRecord{RecordRank::baseline, false, 0},
          [&id = id, &baseline = baseline] { return line_of(id, baseline); });
}

// Writes the chosen records (none chosen: all). The text may be too long.
StateText write_chosen(const SavedState& state, const std::vector<bool>& chosen,
                       std::size_t max_bytes) {
  StateText written;
  StateHead head{0, state.ledger.forgotten, state.attribution.was_partial};
  std::size_t index = 0;
  visit_records(state, [&](const StateRecord& record, const auto& make) {
    const bool is_chosen = chosen.empty() || chosen[index];
    ++index;
    if (written.text.size() > max_bytes) return;
    const auto line = is_chosen ? make() : std::string();
    if (is_chosen && line.size() <= max_state_line) {
      written.text += line + '\n';
      ++head.records;
      return;
    }
    ++written.left_out;
    head.forgotten += record.kills;
    head.was_partial = head.was_partial || record.rank == RecordRank::baseline;
  });
  written.text.insert(0, line_of(state, head) + '\n');
  return written;
}

// What a text has taken up of its bounds.
struct StateSpace {
  std::size_t bytes = 0;
  std::size_t records = 0;
  std::size_t owners = 0;

  // Whether another record fits; if so, it is counted.
  bool take(std::size_t size, bool is_owner, std::size_t max_bytes) {
    if (size > max_state_line || size > max_bytes - bytes || records == max_state_records ||
        (is_owner && owners == max_state_owners))
      return false;
    bytes += size;
    ++records;
    if (is_owner) ++owners;
    return true;
  }
};

// Chooses the records that fit: among equals the shortest, of baselines the oldest, which are those
// of ancestors.
std::vector<bool> choose(const SavedState& state, std::size_t max_bytes) {
  struct RecordChoice {
    RecordRank rank;
    bool is_owner;
    std::size_t size;
    std::size_t index;
  };
  std::vector<RecordChoice> choices;
  visit_records(state, [&](const StateRecord& record, const auto& make) {
    choices.push_back({record.rank, record.is_owner, make().size() + 1, choices.size()});
  });
  std::ranges::sort(choices, {}, [](const RecordChoice& each) {
    const bool is_baseline = each.rank == RecordRank::baseline;
    return std::tuple(each.rank, is_baseline ? 0 : each.size, each.index);
  });
  constexpr auto max = std::numeric_limits<std::uint64_t>::max();
  StateSpace space;
  space.bytes = std::min(max_bytes, line_of(state, {max, max, false}).size() + 1);
  std::vector<bool> chosen(choices.size());
  for (const RecordChoice& each : choices)
    chosen[each.index] = space.take(each.size, each.is_owner, max_bytes);
  return chosen;
}

}  // namespace

StateText write_state(const SavedState& state, std::size_t max_bytes) {
  StateSpace space;
  bool fits = true;
  visit_records(state, [&](const StateRecord& record, const auto&) {
    fits = fits && space.take(0, record.is_owner, max_bytes);
  });
  if (fits) {
    auto written = write_chosen(state, {}, max_bytes);
    if (written.text.size() <= max_bytes) return written;
  }
  return write_chosen(state, choose(state, max_bytes), max_bytes);
}

std::optional<SavedState> parse_state(std::string_view text) {
  if (text.size() > max_state_bytes || !text.ends_with('\n')) return std::nullopt;
  SavedState state;
  const auto records = read_head(*base::next_line(text), state);
  if (!records || *records > max_state_records) return std::nullopt;
  std::size_t count = 0;
  while (const auto line = base::next_line(text)) {
    if (++count > *records || !read_record(*line, state)) return std::nullopt;
  }
  if (state.ledger.owners.size() > max_state_owners) return std::nullopt;
  return count == *records ? std::optional(std::move(state)) : std::nullopt;
}

}  // namespace cgroup2::oom
