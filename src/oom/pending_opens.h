// SPDX-License-Identifier: Apache-2.0
// PendingOpens: cgroups that are being opened by other threads, and what must be remembered until
// they are in the list of the watched ones.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/shared_text.h"
#include "base/text.h"
#include "base/time.h"

namespace cgroup2::oom {

struct PendingOpen {
  base::SharedText path;
  std::uint64_t id = 0;              ///< 0: of a cgroup that no walk has seen
  std::uint64_t parent = 0;          ///< id
  std::atomic<bool> is_gone{false};  ///< its removal was seen: it need not be opened; any thread
  base::TimePoint gone{};            ///< when
  std::uint64_t number = 0;          ///< rises from one to the next
  std::uint64_t observed_in = 0;     ///< the last report whose walk saw its path
};

/// An event of a watch that is not in the list yet.
struct EarlyEvent {
  int watch;
  std::uint32_t mask;
  std::string name;
  base::TimePoint at;
  std::uint64_t number = 0;  ///< of the first pending open after it
};

/// Belongs to one thread; others may read what it hands out. Forgets early events and finished ids
/// when no open is pending any more that had begun before them.
class PendingOpens {
 public:
  /// Adds one. Nothing if one of that path is pending already.
  [[nodiscard]] std::shared_ptr<PendingOpen> begin(const base::SharedText& path, std::uint64_t id,
                                                   std::uint64_t parent);
  void end(const std::shared_ptr<PendingOpen>& pending);
  /// Notes a removal. Another cgroup may be made under that path.
  void note_removal(const std::string& path, base::TimePoint at);

  [[nodiscard]] std::size_t size() const { return pending_.size(); }
  /// Counts those that a walk has seen.
  [[nodiscard]] std::size_t observed() const;
  /// Notes that the walk of a report saw a path. Returns whether one of that path is pending.
  bool note_observed(std::string_view path, std::uint64_t report);
  /// Returns the parents of those that the walk of that report did not see.
  [[nodiscard]] std::vector<std::uint64_t> parents_of_unobserved(std::uint64_t report) const;

  /// Keeps an event until its watch is known. Keeps nothing when nothing is pending, or too much is
  /// kept.
  void keep(EarlyEvent event);
  /// Takes the events of a watch out, in their order.
  [[nodiscard]] std::vector<EarlyEvent> take_early(int watch);

  /// Notes that a cgroup left the list for good: a pending one that turns out to be it is done
  /// with.
  void note_finished(std::uint64_t id);
  [[nodiscard]] bool is_finished(std::uint64_t id) const { return finished_.contains(id); }

  /// Forgets what was remembered for opens that are not pending any more.
  void forget();

 private:
  std::map<std::uint64_t, std::shared_ptr<PendingOpen>> pending_;  // by number
  // Those that may exist.
  std::unordered_map<std::string, std::shared_ptr<PendingOpen>, base::TextHash, std::equal_to<>>
      by_path_;
  std::deque<EarlyEvent> early_;
  std::unordered_map<std::uint64_t, std::uint64_t> finished_;           // id -> number, as below
  std::deque<std::pair<std::uint64_t, std::uint64_t>> finished_order_;  // number of the first
                                                                        // pending open after it; id
  std::uint64_t next_ = 1;
};

}  // namespace cgroup2::oom
