// SPDX-License-Identifier: Apache-2.0
#include "peaks/recent_peaks.h"

#include <cerrno>
#include <string>
#include <utility>

namespace cgroup2::peaks {
namespace {

constexpr unsigned max_probes = 10;

std::string_view hint_for(int error) {
  switch (error) {
    case EROFS:
      return "mount the cgroup2 hierarchy writable for the exporter: docs/right-sizing.md";
    case EACCES:
      return "give the exporter CAP_DAC_OVERRIDE: docs/right-sizing.md";
    case EPERM:
    case EINVAL:
      return "Linux 6.12 and later reset memory.peak";
    case ENOENT:
      return "the exporter's own cgroup needs the memory controller";
    default:
      return "";
  }
}

}  // namespace

RecentPeaks::RecentPeaks(RunOpener run_opener, base::ReadErrors& errors, base::Log& log,
                         PeakCalls calls)
    : run_opener_(std::move(run_opener)), errors_(errors), log_(log), calls_(calls) {}

void RecentPeaks::probe(const base::Dir* own) {
  Probed probed;
  if (own != nullptr) run_opener_([&] { probed = probe_reset(*own, calls_); });
  reset_ = probed.reset;
  switch (probed.reset) {
    case Reset::unknown:
      if (++probes_ < max_probes) return;
      reset_ = Reset::impossible;
      log_.warn("recent peaks are known only while they grow: nobody knows what a write does",
                {{"hint", own == nullptr ? "the exporter does not see its own cgroup"
                                         : "memory.peak of its own cgroup does not change"}});
      return;
    case Reset::per_file:
      log_.info("recent peaks are read by resetting memory.peak, each for one open file alone");
      return;
    case Reset::of_all:
      log_.warn("recent peaks are known only while they grow: a reset would be for everybody");
      return;
    case Reset::impossible:
      log_.info("recent peaks are known only while they grow: memory.peak cannot be reset",
                {{"error", base::errno_name(probed.error)},
                 {"hint", std::string(hint_for(probed.error))}});
  }
}

void RecentPeaks::read(std::span<const CgroupToWatch> cgroups, base::TimePoint now,
                       std::vector<RecentValues>& values) {
  ++reads_;
  is_period_over_ = end_period(now);
  to_open_.clear();
  for (const CgroupToWatch& cgroup : cgroups) {
    WatchedPeaks& watched = watched_[cgroup.id];
    watched.read_in = reads_;
    for (std::size_t which = 0; which < file_count; ++which) {
      if (cgroup.has.at(which)) {
        read_file(watched.files.at(which), cgroup, which);
      } else {
        watched.files.at(which) = {};
      }
    }
  }
  open_files();
  values.assign(cgroups.size(), {});
  for (std::size_t i = 0; i < cgroups.size(); ++i) {
    const WatchedPeaks& watched = watched_[cgroups[i].id];
    for (std::size_t which = 0; which < file_count; ++which)
      values[i].at(which) = recent(watched.files.at(which));
  }
  if (watched_.size() > cgroups.size())
    std::erase_if(watched_, [&](const auto& entry) { return entry.second.read_in != reads_; });
  read_at_ = now;
  count_figures();
}

void RecentPeaks::tick(base::TimePoint now) {
  is_period_over_ = end_period(now);
  if (!is_period_over_) return;
  for (auto& [id, watched] : watched_) {
    for (std::size_t which = 0; which < file_count; ++which) {
      if (watched.files.at(which).file.is_open()) read_open(watched.files.at(which), "", which);
    }
  }
}

void RecentPeaks::clear() {
  watched_.clear();
  read_at_.reset();
  period_.reset();
  figures_ = {};
}

// Says whether a period is over, and begins the next one then.
bool RecentPeaks::end_period(base::TimePoint now) {
  now_ = now;
  if (!period_) period_ = now;
  if (now - *period_ < window_ / periods_per_window) return false;
  period_ = now;
  return true;
}

void RecentPeaks::read_file(PeakState& file, const CgroupToWatch& cgroup, std::size_t which) {
  if (file.file.is_open()) {
    read_open(file, cgroup.path, which);
    return;
  }
  read_ever(file, cgroup, which);
  if (is_period_over_) {
    file.window.close_period(now_, std::exchange(file.highest, std::nullopt));
    file.was_refused = false;
  }
  // Without a use of swap in all its time, it has none in the window: no descriptor is needed.
  const bool is_wanted = file.ever && (which == 0 || *file.ever > 0);
  if (reset_ == Reset::per_file && is_wanted && !file.was_refused)
    to_open_.push_back({&file, &cgroup, which});
}

// Nothing may come between the read and the reset: what does is not seen.
void RecentPeaks::read_open(PeakState& file, std::string_view path, std::size_t which) {
  const auto highest = calls_.read(file.file);
  const int error = !highest ? highest.error().code : is_period_over_ ? calls_.reset(file.file) : 0;
  if (error != 0) {
    report(which, path, error);
    file = {};
    return;
  }
  file.highest = *highest;
  if (!is_period_over_) return;
  file.window.close_period(now_, *highest);
  file.highest.reset();
}

void RecentPeaks::read_ever(PeakState& file, const CgroupToWatch& cgroup, std::size_t which) {
  char buffer[32];
  const auto text = cgroup.dir->read_at(file_names.at(which), buffer);
  const auto ever = text ? parse_peak(*text) : base::Result<std::uint64_t>(text.error());
  if (!ever) {
    report(which, cgroup.path, ever.error().code);
    file = {};
    return;
  }
  note_growth(file, *ever, cgroup.is_new);
}

// What is new has its whole life in this period. Of what was read too long ago nobody knows whether
// it grew in the window.
void RecentPeaks::note_growth(PeakState& file, std::uint64_t ever, bool is_new) const {
  const bool has_grown = file.ever ? ever > *file.ever : is_new;
  file.ever = ever;
  const auto longest = window_ + window_ / periods_per_window;
  if (has_grown && read_at_ && now_ - *read_at_ <= longest) file.highest = ever;
}

void RecentPeaks::open_files() {
  if (to_open_.empty()) return;
  std::vector<base::Result<base::Fd>> opened;
  opened.reserve(to_open_.size());
  run_opener_([&] {
    for (const ToOpen& each : to_open_)
      opened.push_back(calls_.open_to_reset(*each.cgroup->dir, file_names.at(each.which)));
  });
  for (std::size_t i = 0; i < to_open_.size(); ++i) {
    PeakState& file = *to_open_[i].file;
    file.was_refused = !opened[i];
    if (opened[i]) {
      file.file = std::move(*opened[i]);
      begin_resets(to_open_[i]);
    } else {
      report(to_open_[i].which, to_open_[i].cgroup->path, opened[i].error().code);
    }
  }
}

// Until it is reset, an open file shows the highest of all time.
void RecentPeaks::begin_resets(const ToOpen& opened) {
  PeakState& file = *opened.file;
  const auto ever = calls_.read(file.file);
  if (ever) note_growth(file, *ever, opened.cgroup->is_new);
  file.window.close_period(now_, file.highest);
  const int error = ever ? calls_.reset(file.file) : ever.error().code;
  const auto highest = calls_.read(file.file);
  if (error != 0 || !highest) {
    report(opened.which, opened.cgroup->path, error != 0 ? error : highest.error().code);
    file.file = {};
    return;
  }
  file.highest = *highest;
}

std::optional<std::uint64_t> RecentPeaks::recent(const PeakState& file) const {
  if (!file.file.is_open() && file.ever == 0) return 0;
  return larger(file.highest, file.window.highest_after(now_ - window_));
}

void RecentPeaks::report(std::size_t which, std::string_view path, int error) {
  if (!base::is_absence(error))
    errors_.add(file_names.at(which), base::errno_name(error), path, base::hint_for(error));
}

void RecentPeaks::count_figures() {
  figures_.reset = 0;
  for (const auto& [id, watched] : watched_) figures_.reset += watched.files[0].file.is_open();
  figures_.grown = watched_.size() - figures_.reset;
}

}  // namespace cgroup2::peaks
