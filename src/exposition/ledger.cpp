// SPDX-License-Identifier: Apache-2.0
#include "exposition/ledger.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/label.h"
#include "catalog/catalog.h"
#include "exposition/labels.h"
#include "exposition/number.h"

namespace cgroup2::exposition {
namespace {

using catalog::LedgerValue;

// By LedgerValue.
constexpr auto metrics = catalog::metrics_by_value<catalog::ledger_value_count>(
    catalog::Select::ledger, &catalog::ValueSource::ledger);

void add(LedgerText& text, LedgerValue value, std::string_view labels, std::uint64_t number) {
  const catalog::Metric& metric = catalog::metrics[metrics.at(index(value))];
  std::string& lines = text.at(index(value));
  lines += metric.name;
  if (!labels.empty()) lines.append("{").append(labels).append("}");
  char written[max_number_length];
  lines += ' ';
  lines.append(written, write_value(written, number, metric.unit));
  lines += '\n';
}

std::string with_label(std::string block, std::string_view name, std::string_view value) {
  base::append_label(block, name, value);
  return block;
}

std::string with_victim(std::string block, const oom::LastVictim& victim) {
  for (const auto& [name, value] : oom::victim_fields)
    base::append_label(block, name, victim.*value);
  return block;
}

void add_owner(LedgerText& text, const oom::Owner& owner, const oom::LedgerEntry& entry) {
  const std::string labels = labels_of(owner);
  if (entry.starts > 0) add(text, LedgerValue::starts, labels, entry.starts);
  // What was never killed leaves no series of kills behind.
  if (entry.dead_since.count() == 0 || entry.was_killed())
    add(text, LedgerValue::kills, labels, entry.kills);
  if (entry.group_kills > 0) add(text, LedgerValue::group_kills, labels, entry.group_kills);
  for (std::size_t i = 0; entry.kills > 0 && i < oom::limit_count; ++i) {
    const auto limit = to_string(static_cast<oom::Limit>(i));
    add(text, LedgerValue::kills_by_limit, with_label(labels, "limit", limit),
        entry.by_limit.at(i));
  }
  if (entry.last_kill.count() > 0) {
    const auto since_1970 = static_cast<std::uint64_t>(entry.last_kill.count());
    add(text, LedgerValue::last_kill, labels, since_1970);
  }
  if (entry.victim != oom::LastVictim())
    add(text, LedgerValue::last_victim, with_victim(labels, entry.victim), 1);
  for (const auto& [type, bytes] : oom::memory_types) {
    if (const auto amount = entry.memory.*bytes)
      add(text, LedgerValue::last_memory, with_label(labels, "type", type), *amount);
  }
}

}  // namespace

LedgerText make_ledger_text(const oom::LedgerContent& content) {
  LedgerText text;
  // Where no cgroup has a memory controller there is no ledger, and so no zero.
  if (content == oom::LedgerContent()) return text;
  for (const auto& [owner, entry] : content.owners) add_owner(text, owner, entry);
  for (const auto& [cgroup, kills] : content.unattributed)
    add(text, LedgerValue::unattributed, with_label("", "cgroup", cgroup), kills);
  add(text, LedgerValue::forgotten, "", content.forgotten);
  for (const auto& [constraint, kills] : content.constraints)
    add(text, LedgerValue::constraints, with_label("", "constraint", constraint), kills);
  return text;
}

std::shared_ptr<const LedgerText> PreparedLedger::of(
    const std::shared_ptr<const oom::LedgerContent>& content) {
  const std::lock_guard lock(mutex_);
  if (!text_ || content_ != content) {
    text_ = std::make_shared<const LedgerText>(make_ledger_text(*content));
    content_ = content;
  }
  return text_;
}

}  // namespace cgroup2::exposition
