// SPDX-License-Identifier: Apache-2.0
#include "oom/last_uses.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

// A scrape each minute, of which one failed. What was used before says little of the rise.
constexpr std::chrono::minutes max_age = 2min;

// From a kill until the watcher's thread sees it. What was read in between is of after the kill.
constexpr std::chrono::milliseconds max_until_seen = 50ms;

}  // namespace

void LastUses::take(std::vector<MemoryUse>& uses, base::TimePoint begun, base::TimePoint ended) {
  uses_.swap(uses);
  is_sorted_ = false;
  begun_ = begun;
  ended_ = ended;
  std::erase_if(killed_, [&](const auto& each) { return ended - each.second > max_age; });
}

void LastUses::note_kills(const std::map<std::uint64_t, base::TimePoint>& killed) {
  killed_.insert(killed.begin(), killed.end());
}

LastMemory LastUses::with_recent_peak(std::uint64_t id, LastMemory memory) {
  const MemoryUse* const use = find(id);
  if (use != nullptr && use->recent_peak)
    memory.peak = std::max(memory.peak.value_or(0), *use->recent_peak);
  return memory;
}

LastRise LastUses::take_rise(std::uint64_t id, const LastMemory& memory) {
  const auto killed = killed_.extract(id);
  if (killed.empty()) return {};
  const base::TimePoint at = killed.mapped();
  const MemoryUse* const use = find(id);
  if (use == nullptr || !use->usage) return {};
  if (at - ended_ < max_until_seen || at - begun_ > max_age) return {};
  if (memory.limit && *use->usage >= *memory.limit) return {};
  return {*use->usage, std::chrono::ceil<std::chrono::milliseconds>(at - begun_)};
}

// Kills are rare: the list is sorted when the first one after a poll asks.
const MemoryUse* LastUses::find(std::uint64_t id) {
  if (!std::exchange(is_sorted_, true)) std::ranges::sort(uses_, {}, &MemoryUse::id);
  const auto at = std::ranges::lower_bound(uses_, id, {}, &MemoryUse::id);
  return at == uses_.end() || at->id != id ? nullptr : &*at;
}

}  // namespace cgroup2::oom
