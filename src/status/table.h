// SPDX-License-Identifier: Apache-2.0
// Table: cgroups with a column per value, sorted by links in its head.
#pragma once

#include "status/html.h"
#include "status/page_context.h"
#include "status/rows.h"
#include "status/view.h"

namespace cgroup2::status {

void add_table(Html& html, const PageContext& context, const View& view, const Rows& rows);

}  // namespace cgroup2::status
