// SPDX-License-Identifier: Apache-2.0
// Refuses a table of cAdvisor's families that the catalog cannot fill: it does not compile.
#include "catalog/cadvisor.h"

#include <algorithm>

namespace cgroup2::catalog {

static_assert(are_families(cadvisor_rows),
              "the rows are sorted by name; the first of a family has the help, and all its type");
static_assert(std::ranges::all_of(cadvisor_rows, fits_native),
              "a row takes labels, a key, a type or a unit that the native metric does not have");

}  // namespace cgroup2::catalog
