// SPDX-License-Identifier: Apache-2.0
// Search: the cgroups that were told of and are not in the list of the watched ones yet, and what
// must be remembered until they are.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cgroup2::oom {

/// A cgroup that somebody looks for.
struct Sought {
  using Clock = std::chrono::steady_clock;

  std::string path;
  std::uint64_t parent = 0;          ///< id
  std::atomic<bool> is_gone{false};  ///< its removal was told: it need not be looked for
  Clock::time_point gone{};          ///< when
};

/// An event of a watch that is not in the list yet.
struct EarlyEvent {
  int watch;
  std::uint32_t mask;
  std::string name;
  Sought::Clock::time_point at;
};

/// Belongs to one thread; what it hands out may be read by others.
class Search {
 public:
  /// Begins to seek one. Nothing if one of that path is sought already.
  [[nodiscard]] std::shared_ptr<Sought> begin(std::string path, std::uint64_t parent);
  /// Of what begin() gave: somebody has looked for it.
  void end(const std::shared_ptr<Sought>& sought);
  /// A removal was told. Another one may be made under that path.
  void note_removal(const std::string& path, Sought::Clock::time_point at);

  /// Whether others are about to tell of cgroups that they watch.
  void expect(bool is_expected) { is_expected_ = is_expected; }
  [[nodiscard]] bool is_over() const { return sought_.empty() && !is_expected_; }
  [[nodiscard]] bool is_sought(const std::string& path) const { return by_path_.contains(path); }
  [[nodiscard]] std::size_t size() const { return sought_.size(); }
  /// Ids of the parents of all that are sought.
  [[nodiscard]] std::vector<std::uint64_t> parents() const;

  /// Keeps an event until its watch is known. Nothing is kept when the search is over, or too much
  /// is.
  void keep(EarlyEvent event);
  /// The events of that watch so far, in their order.
  [[nodiscard]] std::vector<EarlyEvent> take_early(int watch);

  /// One was taken out of the list for good: if it is found once more, it is done with.
  void note_finished(std::uint64_t id) { finished_.insert(id); }
  [[nodiscard]] bool is_finished(std::uint64_t id) const { return finished_.contains(id); }

  /// Drops what was remembered if the search is over.
  void forget();

 private:
  std::unordered_set<std::shared_ptr<Sought>> sought_;
  std::unordered_map<std::string, std::shared_ptr<Sought>> by_path_;  // those that may exist
  bool is_expected_ = false;
  std::vector<EarlyEvent> early_;
  std::unordered_set<std::uint64_t> finished_;  // ids
};

}  // namespace cgroup2::oom
