// SPDX-License-Identifier: Apache-2.0
// Table: cgroups with a column per figure, sorted by links in its head.
#pragma once

#include "status/html.h"
#include "status/moment.h"
#include "status/rows.h"
#include "status/view.h"

namespace cgroup2::status {

void add_table(Html& html, const Moment& moment, const View& view, const Rows& rows);

}  // namespace cgroup2::status
