// SPDX-License-Identifier: Apache-2.0
#include "app/rendering.h"

#include <algorithm>

#include "http/gzip.h"

namespace cgroup2::app {
namespace {

constexpr std::chrono::seconds longest_use{1};

// Whoever asks for ever other collectors must not fill our memory.
constexpr std::size_t most_entries = 4;

}  // namespace

Rendering::Packed Rendering::packed(const std::shared_ptr<const snapshot::Snapshot>& snapshot,
                                    const cgroup::CollectorSet& collectors,
                                    exposition::Format format, Clock::time_point now,
                                    const http::Stream& render) {
  const std::lock_guard lock(mutex_);
  const bool is_same = !snapshot_.owner_before(snapshot) && !snapshot.owner_before(snapshot_);
  std::erase_if(entries_,
                [&](const Entry& entry) { return !is_same || now - entry.rendered > longest_use; });
  snapshot_ = snapshot;
  const auto known = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.collectors == collectors && entry.format == format;
  });
  if (known != entries_.end()) return known->packed;
  if (entries_.size() == most_entries) entries_.erase(entries_.begin());
  auto packed = std::make_shared<const std::string>(http::gzip(render));
  entries_.push_back({collectors, format, now, packed});
  return packed;
}

}  // namespace cgroup2::app
