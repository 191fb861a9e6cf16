// SPDX-License-Identifier: Apache-2.0
// File: the YAML file laid into a Draft by the table of options.
#pragma once

#include <string>
#include <vector>

#include "config/draft.h"
#include "config/options.h"

namespace cgroup2::config {

/// Reads the file (see text_file.h) and assigns what it says; all that is wrong is reported to the
/// draft.
void apply_file(const std::string& path, const std::vector<Option>& table, Draft& draft);

}  // namespace cgroup2::config
