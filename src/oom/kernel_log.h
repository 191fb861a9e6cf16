// SPDX-License-Identifier: Apache-2.0
// KernelLog: who the OOM killer chose, as the kernel tells it in its log. Only to enrich: the log
// is rate limited and a ring, so it never counts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/log.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// One kill.
struct Victim {
  std::string cgroup{};      ///< of the process: task_memcg, below the mount; empty: not certain
  std::string oom_cgroup{};  ///< whose limit it was: oom_memcg; empty for the host's memory
  std::string constraint{};  ///< memcg, none, cpuset, memory_policy
  std::string comm{};        ///< name of the process
  std::string pid{};
  std::string rss_kib{};        ///< anon, file and shmem together; empty: not told
  std::string oom_score_adj{};  ///< empty: not told

  friend bool operator==(const Victim&, const Victim&) = default;
};

/// Whether a cgroup has this path below the mount.
using IsKnown = std::function<bool(std::string_view path)>;

/// Parses the text of the record that names the cgroups (dump_oom_victim in mm/oom_kill.c). Paths
/// and process names are not escaped there, so that a name can imitate what follows it:
///   oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a
///   b/c"d, task_memcg=/a b/c"d,task=tail,pid=104,uid=0
/// The text is split in every way that may be right: below a known top-level cgroup there may be
/// any. If there is one such way alone, and its cgroups are known, that is the victim; else
/// `cgroup`, `oom_cgroup` and `comm` are empty. Nothing if the text is no such record.
[[nodiscard]] std::optional<Victim> parse_oom_kill(std::string_view text, const IsKnown& is_known);

/// Adds what the record after it tells: the resident memory and the score.
///   Memory cgroup out of memory: Killed process 104 (tail) total-vm:66540kB, anon-rss:63484kB,
///   file-rss:4kB, shmem-rss:0kB, UID:0 pgtables:164kB oom_score_adj:0
/// Returns whether it is of this victim.
bool add_killed_process(std::string_view text, Victim& victim);

/// Tells whose limit it was, by the constraint. Nothing for a constraint that is not known.
[[nodiscard]] std::optional<Limit> limit_of(const Victim& victim);

/// Parses a record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg): "6,1234,5678,-;text". Nothing
/// for a record of user space, whose facility is not 0: everybody may write one.
[[nodiscard]] std::optional<std::string> parse_kmsg_record(std::string_view record);

/// One thread.
class KernelLog {
 public:
  /// Opens the log behind what it holds by now; of "/dev/stdin" it takes what is open there. What
  /// cannot be opened (EPERM without CAP_SYSLOG where kernel.dmesg_restrict is set) is logged once
  /// and stays empty.
  KernelLog(const std::string& path, base::Log& log);

  [[nodiscard]] bool is_open() const { return file_.is_open(); }

  /// Returns the kills that were logged since the last call. Does not block.
  [[nodiscard]] std::vector<Victim> read_new(const IsKnown& is_known);

  /// Counts the times that the ring had lost records before they were read.
  [[nodiscard]] std::uint64_t losses() const { return losses_; }

  /// Counts the victims whose cgroup was not certain.
  [[nodiscard]] std::uint64_t uncertain() const { return uncertain_; }

 private:
  base::Fd file_;
  std::uint64_t losses_ = 0;
  std::uint64_t uncertain_ = 0;
};

}  // namespace cgroup2::oom
