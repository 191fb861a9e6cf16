// SPDX-License-Identifier: Apache-2.0
// Labels: what stands between the braces of a sample. Pure.
#pragma once

#include <string>

#include "oom/ledger_content.h"

namespace cgroup2::exposition {

/// The labels of an owner in the ledger of OOM kills: escaped, joined by commas, without braces.
[[nodiscard]] std::string labels_of(const oom::Owner& owner);

}  // namespace cgroup2::exposition
