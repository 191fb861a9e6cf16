// SPDX-License-Identifier: Apache-2.0
// BurstCounter: in how many windows of time the tasks of a cgroup waited for longer than a
// threshold, also between two polls.
//
// A thread reads how long they waited at the end of each window. It does not use the triggers of
// PSI that the kernel has for this. Those need the right to write; the end of each one, so the
// removal of a cgroup too, waits for a grace period of RCU with all other changes of the hierarchy
// behind it (psi_trigger_destroy(), 9 ms in the lab); for who lacks CAP_SYS_RESOURCE a stall of a
// cgroup that was idle is lost to them if somebody, as a poll does, reads the file first
// (psi_show()); and for who has it the kernel runs a real-time thread for each cgroup.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/dir.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/read_errors.h"
#include "base/time.h"
#include "pressure/pressure_file.h"

namespace cgroup2::pressure {

/// What a burst is.
struct BurstSettings {
  std::chrono::milliseconds threshold{100};
  std::chrono::milliseconds window{2'000};

  friend bool operator==(const BurstSettings&, const BurstSettings&) = default;
};

/// A cgroup whose bursts are wanted.
struct CgroupWithPressure {
  std::uint64_t id;  ///< the kernel's
  const base::Dir* dir;
  std::string_view path;                   ///< for log lines
  std::array<bool, resources.size()> has;  ///< which of the files it has
};

/// Windows by resource and stall, since they are counted; nothing where they are not.
using BurstCounts =
    std::array<std::array<std::optional<std::uint64_t>, stalls.size()>, resources.size()>;

struct BurstFigures {
  std::size_t watched = 0;  ///< cgroups
  std::size_t dropped = 0;  ///< those beyond the bound
};

/// Belongs to the poller's thread, but for end_window(). `errors` and `log` must outlive it.
class BurstCounter {
 public:
  BurstCounter(base::ReadErrors& errors, base::Log& log) : errors_(errors), log_(log) {}

  /// Starts the thread that counts; it calls `begin` first. Before the poller's thread begins.
  void start(std::function<void()> begin);

  /// Sets what a burst is. All counts begin at 0 again if that is another.
  void set(const BurstSettings& settings);

  /// Watches these cgroups and no others, and fills `counts` in their order.
  void read(std::span<const CgroupWithPressure> cgroups, base::TimePoint now,
            std::vector<BurstCounts>& counts);

  /// Ends the window of all cgroups. Counts nothing of one that took more than half a window more
  /// than it should: longer stalls fit into it. The thread calls it; any thread may.
  void end_window(base::TimePoint now);

  /// Forgets everything.
  void clear();

 private:
  struct PressureState {
    base::Fd file;
    Totals totals{};          // at the begin of the window
    base::TimePoint began{};  // of the window
    std::array<std::uint64_t, stalls.size()> counts{};
  };
  struct WatchedPressure {
    std::array<PressureState, resources.size()> states;
    std::uint64_t read_in = 0;
  };

  void run(const std::stop_token& stop);
  void watch(const CgroupWithPressure& cgroup, base::TimePoint now);
  void end_window(PressureState& state, base::TimePoint now) const;

  base::ReadErrors& errors_;
  base::Log& log_;
  std::uint64_t reads_ = 0;
  std::atomic<bool> has_failed_{false};  // the thread has ended

  std::mutex mutex_;  // guards the following
  BurstSettings settings_;
  std::unordered_map<std::uint64_t, WatchedPressure> watched_;  // by id

  std::condition_variable_any stopped_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace cgroup2::pressure
