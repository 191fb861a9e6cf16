// SPDX-License-Identifier: Apache-2.0
// Bodies: from a snapshot, column by column, and from families.
#pragma once

#include <span>
#include <string>

#include "base/sink.h"
#include "cgroup/reader.h"
#include "exposition/family.h"
#include "exposition/format.h"
#include "exposition/label_blocks.h"
#include "exposition/ledger.h"
#include "snapshot/snapshot.h"

namespace cgroup2::exposition {

/// Hands over the families of the catalog that have samples, in the order of the catalog, in pieces
/// of at most BodyBuffer::size. `labels` and `ledger` are of the snapshot; `wanted` narrows them to
/// some collectors. Ends early when `sink` says so.
void write_snapshot(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                    const LabelBlocks& labels, const LedgerText& ledger,
                    const cgroup::CollectorSet& wanted, Format format);

/// Appends the same.
void append_snapshot(std::string& out, const snapshot::Snapshot& snapshot,
                     const LabelBlocks& labels, const LedgerText& ledger,
                     const cgroup::CollectorSet& wanted, Format format);

/// Appends families in their order; those without samples are left out.
void append_families(std::string& out, std::span<const Family> families, Format format);

/// Appends what ends a body: "# EOF" in OpenMetrics, nothing in text.
void append_end(std::string& out, Format format);

}  // namespace cgroup2::exposition
