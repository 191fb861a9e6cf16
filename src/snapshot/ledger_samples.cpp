// SPDX-License-Identifier: Apache-2.0
#include "snapshot/ledger_samples.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/label.h"
#include "snapshot/owner.h"

namespace cgroup2::snapshot {
namespace {

using catalog::LedgerValue;

std::string with_label(std::string block, std::string_view name, std::string_view value) {
  base::append_label(block, name, value);
  return block;
}

}  // namespace

LedgerSamples make_ledger_samples(const oom::LedgerContent& content) {
  LedgerSamples samples;
  for (const auto& [owner, entry] : content.owners) {
    const std::string labels = labels_of(owner);
    samples.push_back({LedgerValue::kills, labels, entry.kills});
    if (entry.group_kills > 0)
      samples.push_back({LedgerValue::group_kills, labels, entry.group_kills});
    if (entry.kills > 0) {
      for (std::size_t i = 0; i < oom::limit_count; ++i) {
        const auto limit = to_string(static_cast<oom::Limit>(i));
        samples.push_back(
            {LedgerValue::kills_by_limit, with_label(labels, "limit", limit), entry.by_limit[i]});
      }
    }
    if (entry.last_kill.count() > 0) {
      samples.push_back(
          {LedgerValue::last_kill, labels, static_cast<std::uint64_t>(entry.last_kill.count())});
    }
    if (entry.victim != oom::LastVictim()) {
      auto more = with_label(labels, "comm", entry.victim.comm);
      more = with_label(std::move(more), "pid", entry.victim.pid);
      more = with_label(std::move(more), "constraint", entry.victim.constraint);
      more = with_label(std::move(more), "oom_cgroup", entry.victim.oom_cgroup);
      samples.push_back({LedgerValue::last_victim, std::move(more), 1});
    }
    const std::pair<std::string_view, std::optional<std::uint64_t>> amounts[] = {
        {"peak", entry.memory.peak},
        {"limit", entry.memory.limit},
        {"anon", entry.memory.anon},
        {"file", entry.memory.file}};
    for (const auto& [type, amount] : amounts) {
      if (amount)
        samples.push_back({LedgerValue::last_memory, with_label(labels, "type", type), *amount});
    }
  }
  for (const auto& [cgroup, kills] : content.rests)
    samples.push_back({LedgerValue::unattributed, with_label("", "cgroup", cgroup), kills});
  samples.push_back({LedgerValue::forgotten, "", content.forgotten});
  for (const auto& [constraint, kills] : content.constraints) {
    samples.push_back({LedgerValue::constraints, with_label("", "constraint", constraint), kills});
  }
  return samples;
}

}  // namespace cgroup2::snapshot
