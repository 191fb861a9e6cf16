// SPDX-License-Identifier: Apache-2.0
// Ledger: the families of the ledger of OOM kills as text, prepared once for all scrapes.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>

#include "catalog/metric.h"
#include "oom/ledger_content.h"

namespace cgroup2::exposition {

/// The samples of each family, one line each, the same in both formats; by catalog::LedgerValue.
using LedgerText = std::array<std::string, catalog::ledger_value_count>;

/// Pure.
[[nodiscard]] LedgerText make_ledger_text(const oom::LedgerContent& content);

/// Makes it, and keeps that of the last content. Any thread.
class PreparedLedger {
 public:
  /// The same object as in the last call if the content is the same object. Never nullptr.
  [[nodiscard]] std::shared_ptr<const LedgerText> of(
      const std::shared_ptr<const oom::LedgerContent>& content);

 private:
  std::mutex mutex_;                                   // guards the following
  std::shared_ptr<const oom::LedgerContent> content_;  // of text_
  std::shared_ptr<const LedgerText> text_;
};

}  // namespace cgroup2::exposition
