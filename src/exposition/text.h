// SPDX-License-Identifier: Apache-2.0
// The two text formats of Prometheus: text 0.0.4 and OpenMetrics 1.0.0. Appends to a string, column
// by column.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cgroup/reader.h"
#include "exposition/family.h"
#include "snapshot/snapshot.h"

namespace cgroup2::exposition {

enum class Format { text, openmetrics };

/// The Content-Type of a body in that format.
[[nodiscard]] std::string_view content_type(Format format);

/// Appends the families of the catalog that have samples, in the order of the catalog. `wanted`
/// narrows them to some collectors.
void append_snapshot(std::string& out, const snapshot::Snapshot& snapshot,
                     const cgroup::CollectorSet& wanted, Format format);

/// Appends families in their order; those without samples are left out.
void append_families(std::string& out, std::span<const Family> families, Format format);

/// Appends what ends a body: "# EOF" in OpenMetrics, nothing in text.
void append_end(std::string& out, Format format);

/// Appends the shortest decimal that reads back as the same double; NaN, +Inf and -Inf as both
/// formats write them.
void append_number(std::string& out, double value);

}  // namespace cgroup2::exposition
