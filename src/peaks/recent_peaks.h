// SPDX-License-Identifier: Apache-2.0
// RecentPeaks: the highest use of memory and swap of each cgroup in the last window of time.
//
// Where the kernel resets memory.peak for one open file alone, each file is kept open, and read and
// reset at the end of each period, a quarter of the window: so its values do not depend on who asks
// how often. A reset drops the kernel's running maximum for all open files that were reset before
// (local_watermark of struct page_counter, up to 7.x), so a second one would close no gap: what
// begins and ends between the read and the write that follows it is not seen.
//
// Elsewhere the highest of all time is read. It is the highest of the window, too, while it grew in
// it; else nothing is known.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/dir.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/read_errors.h"
#include "base/time.h"
#include "peaks/peak_file.h"
#include "peaks/peak_window.h"
#include "peaks/reset_probe.h"

namespace cgroup2::peaks {

inline constexpr std::size_t file_count = 2;
inline constexpr std::array<const char*, file_count> file_names{"memory.peak", "memory.swap.peak"};

/// A cgroup whose peaks are wanted.
struct CgroupToWatch {
  std::uint64_t id;  ///< the kernel's
  const base::Dir* dir;
  std::string_view path;             ///< for log lines
  std::array<bool, file_count> has;  ///< which of the files it has
  bool is_new = false;               ///< it was made since the last read()
};

/// In bytes, by file; nothing where it is not known.
using RecentValues = std::array<std::optional<std::uint64_t>, file_count>;

struct PeakFigures {
  std::size_t reset = 0;    ///< cgroups whose memory.peak is open and reset
  std::size_t grown = 0;    ///< those whose value is known only while the highest of all time grows
  std::size_t dropped = 0;  ///< those beyond the bound
};

/// Calls what opens files to write them, on a thread that may, and returns when that has returned.
using RunOpener = std::function<void(const std::function<void()>& task)>;

/// Belongs to the poller's thread. `errors` and `log` must outlive it.
class RecentPeaks {
 public:
  /// Writes nothing if `run_opener` is empty.
  RecentPeaks(RunOpener run_opener, base::ReadErrors& errors, base::Log& log, PeakCalls calls = {});

  void set_window(std::chrono::milliseconds window) { window_ = window; }

  /// Says whether it is still to be found out what a write does.
  [[nodiscard]] bool wants_probe() const { return run_opener_ && reset_ == Reset::unknown; }

  /// Finds it out in the exporter's own cgroup; nullptr if that is not known.
  void probe(const base::Dir* own);

  /// Reads the peaks of these cgroups and forgets all others. Fills `values` in their order.
  void read(std::span<const CgroupToWatch> cgroups, base::TimePoint now,
            std::vector<RecentValues>& values);

  /// Ends a period that is over, while nobody asks for values.
  void tick(base::TimePoint now);

  /// Forgets everything.
  void clear();

  [[nodiscard]] const PeakFigures& figures() const { return figures_; }

 private:
  struct PeakState {
    base::Fd file;                         // is reset; closed: read below the directory
    bool was_refused = false;              // to be opened, in this period
    std::optional<std::uint64_t> ever;     // the highest of all time, as it was read last
    std::optional<std::uint64_t> highest;  // of this period so far, as far as it is known
    PeakWindow window;
  };
  struct WatchedPeaks {
    std::array<PeakState, file_count> files;
    std::uint64_t read_in = 0;
  };
  struct ToOpen {
    PeakState* file;
    const CgroupToWatch* cgroup;
    std::size_t which;
  };

  [[nodiscard]] bool end_period(base::TimePoint now);
  void read_file(PeakState& file, const CgroupToWatch& cgroup, std::size_t which);
  void read_open(PeakState& file, std::string_view path, std::size_t which);
  void read_ever(PeakState& file, const CgroupToWatch& cgroup, std::size_t which);
  void note_growth(PeakState& file, std::uint64_t ever, bool is_new) const;
  void open_files();
  void begin_resets(const ToOpen& opened);
  void count_figures();
  [[nodiscard]] std::optional<std::uint64_t> recent(const PeakState& file) const;
  void report(std::size_t which, std::string_view path, int error);

  const RunOpener run_opener_;
  base::ReadErrors& errors_;
  base::Log& log_;
  const PeakCalls calls_;
  std::chrono::milliseconds window_{60'000};
  Reset reset_ = Reset::unknown;
  unsigned probes_ = 0;

  std::unordered_map<std::uint64_t, WatchedPeaks> watched_;  // by id
  std::uint64_t reads_ = 0;
  std::optional<base::TimePoint> read_at_;  // the last time
  std::optional<base::TimePoint> period_;   // when it began
  std::vector<ToOpen> to_open_;             // kept for its memory
  // Of the current read() or tick().
  base::TimePoint now_;
  bool is_period_over_ = false;
  PeakFigures figures_;
};

}  // namespace cgroup2::peaks
