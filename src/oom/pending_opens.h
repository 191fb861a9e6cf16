// SPDX-License-Identifier: Apache-2.0
// PendingOpens: cgroups that are being opened by other threads, and what must be remembered until
// they are in the list of the watched ones.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cgroup2::oom {

struct PendingOpen {
  using TimePoint = std::chrono::steady_clock::time_point;

  std::string path;
  std::uint64_t id = 0;              ///< 0: of a cgroup that no walk has seen
  std::uint64_t parent = 0;          ///< id
  std::atomic<bool> is_gone{false};  ///< its removal was seen: it need not be opened; any thread
  TimePoint gone{};                  ///< when
};

/// An event of a watch that is not in the list yet.
struct EarlyEvent {
  int watch;
  std::uint32_t mask;
  std::string name;
  PendingOpen::TimePoint at;
};

/// Belongs to one thread; others may read what it hands out.
class PendingOpens {
 public:
  /// Adds one. Nothing if one of that path is pending already.
  [[nodiscard]] std::shared_ptr<PendingOpen> begin(std::string path, std::uint64_t id,
                                                   std::uint64_t parent);
  void end(const std::shared_ptr<PendingOpen>& pending);
  /// Notes a removal. Another cgroup may be made under that path.
  void note_removal(const std::string& path, PendingOpen::TimePoint at);

  [[nodiscard]] bool has_path(const std::string& path) const { return by_path_.contains(path); }
  [[nodiscard]] std::size_t size() const { return pending_.size(); }
  /// How many of them a walk has seen.
  [[nodiscard]] std::size_t observed() const;
  /// Parents of those that no walk has seen.
  [[nodiscard]] std::vector<std::uint64_t> parents() const;

  /// Keeps an event until its watch is known. Keeps nothing when nothing is pending, or too much is
  /// kept.
  void keep(EarlyEvent event);
  /// Takes the events of a watch out, in their order.
  [[nodiscard]] std::vector<EarlyEvent> take_early(int watch);

  /// Notes that a cgroup left the list for good: a pending one that turns out to be it is done
  /// with.
  void note_finished(std::uint64_t id) {
    if (!pending_.empty()) finished_.insert(id);
  }
  [[nodiscard]] bool is_finished(std::uint64_t id) const { return finished_.contains(id); }

  /// Drops what was remembered if nothing is pending.
  void forget_if_empty();

 private:
  std::unordered_set<std::shared_ptr<PendingOpen>> pending_;
  std::unordered_map<std::string, std::shared_ptr<PendingOpen>> by_path_;  // those that may exist
  std::vector<EarlyEvent> early_;
  std::unordered_set<std::uint64_t> finished_;  // ids
};

}  // namespace cgroup2::oom
