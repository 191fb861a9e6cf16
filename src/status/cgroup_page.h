// SPDX-License-Identifier: Apache-2.0
// CgroupPage: everything that is known of one cgroup, at "/cgroup".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/sink.h"
#include "cgroup/samples.h"
#include "status/page_context.h"
#include "status/view.h"

namespace cgroup2::status {

/// Which cgroup is asked for: by the inode of its directory, or by its path as in the label
/// "cgroup".
struct CgroupQuery {
  std::optional<std::uint64_t> id;
  std::string path;
  unsigned refresh_seconds = 0;
  std::string problem;  ///< what is wrong with the question, or empty
};

/// Reads the parameters id, path and refresh. Pure.
[[nodiscard]] CgroupQuery parse_cgroup_query(Parameters parameters);

/// Finds the cgroup in the snapshot.
[[nodiscard]] std::optional<cgroup::CgroupIndex> find_cgroup(const snapshot::Snapshot& snapshot,
                                                             const CgroupQuery& query);

/// Writes the page in pieces. Pure: the time is in the context.
void write_cgroup(const base::Sink& sink, const PageContext& context, cgroup::CgroupIndex cgroup,
                  unsigned refresh_seconds);

/// Renders the page of a cgroup that is not there (any more).
[[nodiscard]] std::string render_no_cgroup(const HostFacts& host);

}  // namespace cgroup2::status
