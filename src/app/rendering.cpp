// SPDX-License-Identifier: Apache-2.0
#include "app/rendering.h"

#include <algorithm>

#include "http/gzip.h"

namespace cgroup2::app {
namespace {

constexpr std::chrono::seconds max_age{1};

// Bounds the memory that a client can fill by asking for other collectors each time. Two formats
// and two profiles fit.
constexpr std::size_t max_texts = 4;

// What a cgroup has of a text in gzip by default. It is reserved before the first one, because a
// string that grows takes twice its memory.
constexpr std::size_t usual_bytes_per_cgroup = 400;

}  // namespace

Rendering::Packed Rendering::packed(const std::shared_ptr<const snapshot::Snapshot>& snapshot,
                                    const Extract& extract, Clock::time_point now,
                                    const http::Stream& render) {
  const std::lock_guard lock(mutex_);
  const bool is_same = !snapshot_.owner_before(snapshot) && !snapshot.owner_before(snapshot_);
  std::erase_if(texts_,
                [&](const PackedText& text) { return !is_same || now - text.rendered > max_age; });
  snapshot_ = snapshot;
  const auto known =
      std::ranges::find_if(texts_, [&](const PackedText& text) { return text.extract == extract; });
  if (known != texts_.end()) return known->packed;
  if (texts_.size() == max_texts) texts_.erase(texts_.begin());
  const std::size_t size =
      last_size_ != 0 ? last_size_ : snapshot->cgroups.size() * usual_bytes_per_cgroup;
  auto packed = std::make_shared<const std::string>(http::gzip(render, size + size / 16));
  last_size_ = packed->size();
  texts_.push_back({extract, now, packed});
  return packed;
}

}  // namespace cgroup2::app
