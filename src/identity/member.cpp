// SPDX-License-Identifier: Apache-2.0
#include "identity/member.h"

#include <utility>

#include "base/pid_list.h"
#include "base/procfs.h"
#include "base/read_errors.h"
#include "base/text.h"

namespace cgroup2::identity {
namespace {

constexpr int max_attempts = 3;

// Finds the smallest pid above `floor`. A floor of 0 leaves out the processes that have no number
// in our pid namespace.
std::optional<std::uint64_t> smallest_above(std::string_view pids, std::uint64_t floor) {
  std::optional<std::uint64_t> smallest;
  while (const auto line = base::next_line(pids)) {
    const auto pid = base::parse_u64(*line);
    if (pid && *pid > floor && (!smallest || *pid < *smallest)) smallest = pid;
  }
  return smallest;
}

MemberNamespaces denied(std::string_view file, int code) {
  return {MemberNamespaces::ReadStatus::denied, {}, file, code};
}

MemberNamespaces without_list(int code) {
  if (base::is_absence(code)) return {MemberNamespaces::ReadStatus::empty};
  return denied("cgroup.procs", code);
}

}  // namespace

MemberNamespaces read_member(const base::Dir& cgroup, const base::Dir& procfs) {
  char buffer[4096];
  auto pids = base::read_pids(cgroup, buffer);
  if (!pids) return without_list(pids.error().code);
  if (pids->empty()) return {MemberNamespaces::ReadStatus::empty};

  std::optional<std::uint64_t> pid = 0;
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    pid = smallest_above(*pids, *pid);
    if (!pid) break;
    const auto process = base::open_process(procfs, *pid);
    if (!process) {
      if (!base::is_absence(process.error().code)) return denied("ns", process.error().code);
      continue;
    }
    // Reads the list again, because only now the number proves something: see resolver.cpp.
    pids = base::read_pids(cgroup, buffer);
    if (!pids) return without_list(pids.error().code);
    if (!base::is_listed(*pids, *pid)) continue;
    const auto namespaces = read_namespaces_at(*process);
    if (namespaces) return {MemberNamespaces::ReadStatus::read, *namespaces};
    if (!base::is_absence(namespaces.error().code)) return denied("ns", namespaces.error().code);
  }
  return {MemberNamespaces::ReadStatus::unknown};
}

// The smallest first, as in read_member(): the namespaces that are known of a cgroup are mostly
// those of its smallest pid, so that the first process is the one. The order of the list means
// nothing (cgroup-v2.rst), and may begin with processes that have no number here.
base::Dir find_process_in(const base::Dir& cgroup, const base::Dir& procfs, Namespace which,
                          std::uint64_t inode) {
  constexpr int max_processes = 8;
  char buffer[4096];
  const auto pids = base::read_pids(cgroup, buffer);
  if (!pids) return {};
  std::optional<std::uint64_t> pid = 0;
  for (int tried = 0; tried < max_processes; ++tried) {
    pid = smallest_above(*pids, *pid);
    if (!pid) break;
    auto process = base::open_process(procfs, *pid);
    if (process && is_in_namespace(*process, which, inode)) return std::move(*process);
  }
  return {};
}

bool is_in_network(const base::Dir& net, std::uint64_t inode) {
  char buffer[64];
  const auto link = net.read_link_at("../ns/net", buffer);
  return link && parse_namespace_link(*link, Namespace::net) == inode;
}

//   NSpid:  4711  1
// The kernel (since 4.1) writes a number for each pid namespace from the procfs's own to that of
// the process. There is one number if the two are the same.
bool has_our_pids(const base::Dir& procfs) {
  char buffer[8192];
  const auto status = procfs.read_at("self/status", buffer);
  if (!status) return true;
  auto numbers = base::find_value(*status, "NSpid");
  return !numbers || !(base::next_token(*numbers) && base::next_token(*numbers));
}

}  // namespace cgroup2::identity
