// SPDX-License-Identifier: Apache-2.0
#include "cgroup/kept_values.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace cgroup2::cgroup {
namespace {

// Polls until every cgroup was compared once.
constexpr unsigned turns = 20;

std::size_t hash_of(std::span<const FileId> files) {
  const auto bytes = std::as_bytes(files);
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

void KeptValues::begin(std::span<const CgroupToRead> cgroups, std::uint64_t report) {
  ++polls_;
  current_.assign(cgroups.size(), nullptr);
  std::size_t count = 0;
  for (std::size_t i = 0; i < cgroups.size(); ++i) {
    if (report == 0 || cgroups[i].unwritten_since == CgroupToRead::never) continue;
    const auto [at, is_new] = cgroups_.try_emplace(cgroups[i].id);
    CgroupValues& kept = at->second;
    if (is_new) kept.turn = next_turn_++ % turns;
    if (kept.read_in == polls_) continue;  // two of one inode are not on one cgroup2
    kept.read_in = polls_;
    prepare(kept, cgroups[i], report);
    current_[i] = &kept;
    ++count;
  }
  if (cgroups_.size() > count)
    std::erase_if(cgroups_, [&](const auto& entry) { return entry.second.read_in != polls_; });
}

void KeptValues::prepare(CgroupValues& kept, const CgroupToRead& cgroup, std::uint64_t report) {
  const bool is_exported = cgroup.index != no_cgroup;
  const bool is_unwritten = cgroup.unwritten_since <= kept.report;
  if (is_unwritten) {
    for (const std::size_t row : kept.differing) ++misses_[row];
  }
  kept.differing.clear();
  const std::size_t files_hash = hash_of(cgroup.files);
  const bool is_same = kept.is_exported == is_exported && kept.files_hash == files_hash;
  const bool is_known = is_unwritten && is_same && kept.is_whole;
  kept.is_compared = is_known && kept.turn == polls_ % turns;
  kept.is_valid = is_known && !kept.is_compared;
  kept.next = 0;
  if (kept.is_valid) return;
  if (!is_same || !kept.is_whole) kept.values.clear();
  kept.files_hash = files_hash;
  kept.is_exported = is_exported;
  kept.is_whole = true;
  kept.report = report;
}

void KeptValues::replay(std::size_t at, FileId file, const Destination& to) {
  CgroupValues& kept = *current_[at];
  for (; kept.next < kept.values.size() && kept.values[kept.next].file == file; ++kept.next)
    push(kept.values[kept.next], to);
}

void KeptValues::keep(std::size_t at, FileId file, std::span<FileValue> values, bool is_read) {
  if (current_[at] == nullptr) return;
  CgroupValues& kept = *current_[at];
  if (!is_read) {
    kept.is_whole = false;
    values = {};
  }
  for (FileValue& value : values) value.file = file;
  const auto begin = kept.values.begin() + static_cast<std::ptrdiff_t>(kept.next);
  const auto end = std::find_if(begin, kept.values.end(),
                                [&](const FileValue& value) { return value.file != file; });
  kept.next += values.size();
  if (std::ranges::equal(std::span(begin, end), values)) return;
  if (kept.is_compared && is_read) kept.differing.push_back(interface_[file].row);
  kept.values.insert(kept.values.erase(begin, end), values.begin(), values.end());
}

}  // namespace cgroup2::cgroup
