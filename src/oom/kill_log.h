// SPDX-License-Identifier: Apache-2.0
// KillLog: the log lines about OOM kills, one for each OOM that killed in a cgroup, with the number
// of processes.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/log.h"
#include "oom/kernel_log.h"
#include "oom/ledger_content.h"
#include "oom/limit_decisions.h"

namespace cgroup2::oom {

/// One thread.
class KillLog {
 public:
  explicit KillLog(base::Log& log) : log_(log) {}
  /// Writes the lines that wait.
  ~KillLog() { end_pass(end_of_passes); }
  KillLog(const KillLog&) = delete;
  KillLog& operator=(const KillLog&) = delete;

  /// Takes kills of a cgroup. Their line waits for the next pass, whose kills may go on with the
  /// same OOM: a pass may fall into the killing of a group.
  void add(const KillsByLimit& kills, const base::SharedText& path, const Owner& owner,
           std::uint64_t pass);
  /// Takes how the use of a cgroup rose before kills that add() has taken.
  void note_rise(std::uint64_t cgroup, const LastRise& rise);
  /// Writes the lines of OOMs that no kill went on with in this pass.
  void end_pass(std::uint64_t pass);
  [[nodiscard]] bool has_waiting() const { return !waiting_.empty(); }

  void write_unattributed(const std::string& path, std::uint64_t kills);
  void write_victim(const Victim& victim);

 private:
  static constexpr std::uint64_t end_of_passes = ~std::uint64_t{0};

  struct PendingLine {
    base::SharedText path;
    Owner owner;
    std::uint64_t processes;
    Limit limit;
    std::uint64_t pass;  // of its last kill
    LastRise rise{};
  };
  void write(const PendingLine& line);

  base::Log& log_;
  std::map<std::uint64_t, PendingLine> waiting_;  // by cgroup id
};

}  // namespace cgroup2::oom
