// SPDX-License-Identifier: Apache-2.0
// KillObserver: reads what the tracker of OOM kills wants to know of each cgroup.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "base/dir.h"
#include "base/shared_text.h"
#include "cgroup/tree.h"
#include "oom/observation.h"
#include "snapshot/event_texts.h"

namespace cgroup2::snapshot {

/// Reads the counters of OOM kills of each cgroup of a walk. Belongs to the poller's thread.
///
/// memory.events.local is not read while memory.events says what it said: each event in the cgroup
/// itself raises the former first and then the latter (memcg_memory_event() in
/// include/linux/memcontrol.h). It is read once more after each change, and in one of twenty passes
/// all the same, and compared.
class KillObserver {
 public:
  /// What is read or kept of each cgroup is added to `texts`.
  explicit KillObserver(EventTexts& texts) : texts_(texts) {}

  /// Begins a walk, or its next pass, with no texts. Forgets cgroups that the last one did not
  /// observe.
  void begin_pass();

  /// Observes the next cgroup. The observation refers to the node's path; without generation if a
  /// file cannot be read. Allocates only for what changed.
  [[nodiscard]] oom::Observation observe(const cgroup::Node& node);

  /// Returns how often what was kept of a memory.events.local was wrong, since the start. An event
  /// that has not raised memory.events yet makes none wrong: the next pass decides.
  [[nodiscard]] std::uint64_t misses() const { return misses_; }

 private:
  struct KnownTexts {
    std::uint64_t total_inode = 0;  // of memory.events
    base::SharedText total;         // its text
    std::uint64_t generation = 0;   // inode of memory.events.local
    base::SharedText local;         // its text
    std::uint64_t seen_in = 0;      // the last pass
    std::uint64_t due_in = 0;       // the pass in which it is read whatever memory.events says
    bool has_differed = false;      // when it was read last, though memory.events had not
  };

  [[nodiscard]] bool read_local(const cgroup::Node& node, const base::Dir::Identified& total,
                                KnownTexts& kept);
  // Most cgroups have the same texts, with nothing but zeros.
  [[nodiscard]] const base::SharedText& share(std::string_view text);

  EventTexts& texts_;
  std::unordered_map<std::uint64_t, KnownTexts> kept_;  // by cgroup id
  base::SharedText last_shared_;
  std::size_t observed_ = 0;  // of kept_, in this pass
  std::uint64_t pass_ = 0;
  std::uint64_t next_turn_ = 0;
  std::uint64_t misses_ = 0;
};

}  // namespace cgroup2::snapshot
