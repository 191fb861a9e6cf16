// SPDX-License-Identifier: Apache-2.0
// What a collector costs: how many series it adds, said in the documents and in --help.
#pragma once

#include <string>

#include "catalog/collector.h"

namespace cgroup2::catalog {

/// The series of a collector on the newest kernel known (7.3) with every controller on and every
/// limit set, as words: "5 series per cgroup, 2 per cgroup and device".
[[nodiscard]] std::string series_text(Collector collector);

}  // namespace cgroup2::catalog
