// SPDX-License-Identifier: Apache-2.0
// Help: the text of --help.
#pragma once

#include <string>
#include <vector>

#include "config/options.h"

namespace cgroup2::config {

/// Usage, then every flag with its default and what it does, by groups.
[[nodiscard]] std::string help_text(const std::vector<Option>& table);

}  // namespace cgroup2::config
