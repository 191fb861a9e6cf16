// SPDX-License-Identifier: Apache-2.0
#include "identity/processes.h"

#include <cerrno>
#include <utility>

#include "identity/first_start.h"
#include "identity/member.h"

namespace cgroup2::identity {

Processes::Processes(base::Dir procfs, LookupCounts& counts, base::ReadErrors& errors)
    : procfs_(std::move(procfs)),
      counts_(counts),
      errors_(errors),
      can_probe_(has_our_pids(procfs_)) {
  if (can_probe_) return;
  errors_.add("ns", "foreign_procfs", "self/status",
              "run the exporter in the host's pid namespace (hostPID in Kubernetes) to find "
              "containers by namespace; paths are used instead");
}

std::optional<NamespaceProbe> Processes::probe(const base::Dir& cgroup, std::string_view path) {
  if (!can_probe_) return std::nullopt;
  const auto member = read_member(cgroup, procfs_);
  switch (member.status) {
    case MemberNamespaces::ReadStatus::empty:
      counts_.add(IdentitySource::namespaces, LookupResult::absent);
      return NamespaceProbe{.is_empty = true};
    case MemberNamespaces::ReadStatus::read:
      counts_.add(IdentitySource::namespaces, LookupResult::found);
      return NamespaceProbe{.namespaces = member.namespaces};
    case MemberNamespaces::ReadStatus::unknown:
      counts_.add(IdentitySource::namespaces, LookupResult::absent);
      return std::nullopt;
    case MemberNamespaces::ReadStatus::denied:
      break;
  }
  counts_.add(IdentitySource::namespaces, LookupResult::denied);
  const bool is_right = member.file == "ns" && (member.code == EACCES || member.code == EPERM);
  const std::string_view hint = is_right
                                    ? "give the exporter CAP_SYS_PTRACE (hostPID in Kubernetes) to "
                                      "find containers by namespace; paths are used instead"
                                    : base::hint_for(member.code);
  errors_.add(member.file, base::errno_name(member.code), path, hint);
  return NamespaceProbe{.is_denied = true};
}

std::optional<std::uint64_t> Processes::first_start(const base::Dir& cgroup) const {
  return can_probe_ ? read_first_start(cgroup, procfs_) : std::nullopt;
}

}  // namespace cgroup2::identity
