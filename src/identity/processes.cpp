// SPDX-License-Identifier: Apache-2.0
#include "identity/processes.h"

#include <cerrno>
#include <utility>

#include "identity/member.h"

namespace cgroup2::identity {

Processes::Processes(base::Dir procfs, LookupCounts& counts, base::ReadErrors& errors)
    : procfs_(std::move(procfs)),
      counts_(counts),
      errors_(errors),
      may_be_asked_(has_our_pids(procfs_)) {
  if (may_be_asked_) return;
  errors_.add("ns", "foreign_procfs", "self/status",
              "run the exporter in the host's pid namespace (hostPID in Kubernetes) to find "
              "containers by namespace; paths are used instead");
}

std::optional<Facts> Processes::ask(const base::Dir& cgroup, std::string_view path) {
  if (!may_be_asked_) return std::nullopt;
  const auto answer = ask_member(cgroup, procfs_);
  switch (answer.state) {
    case MemberAnswer::State::empty:
      counts_.add(Source::namespaces, Lookup::absent);
      return Facts{.is_empty = true};
    case MemberAnswer::State::asked:
      counts_.add(Source::namespaces, Lookup::found);
      return Facts{.namespaces = answer.namespaces};
    case MemberAnswer::State::unknown:
      counts_.add(Source::namespaces, Lookup::absent);
      return std::nullopt;
    case MemberAnswer::State::denied:
      break;
  }
  counts_.add(Source::namespaces, Lookup::denied);
  const bool is_right = answer.file == "ns" && (answer.code == EACCES || answer.code == EPERM);
  const std::string_view hint = is_right
                                    ? "give the exporter CAP_SYS_PTRACE (hostPID in Kubernetes) to "
                                      "find containers by namespace; paths are used instead"
                                    : base::hint_for(answer.code);
  errors_.add(answer.file, base::errno_name(answer.code), path, hint);
  return Facts{.is_denied = true};
}

}  // namespace cgroup2::identity
