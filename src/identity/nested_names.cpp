// SPDX-License-Identifier: Apache-2.0
#include "identity/nested_names.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "identity/docker_files.h"
#include "identity/names.h"
#include "identity/oci_config.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t max_file = std::size_t{1} << 20;
constexpr std::size_t max_bytes_of_outer = 2 * max_file;  // in one pass, as of a user
constexpr std::size_t max_entries_of_outer = 8;           // the same

// The text of the first file that is there.
struct FoundFile {
  bool is_of_docker = false;
  std::string text;
};

struct UsualFile {
  const char* before;
  const char* after;
  bool is_of_docker;
};
constexpr UsualFile usual_files[] = {
    {"var/lib/docker/containers/", "/config.v2.json", true},
    {"run/containerd/io.containerd.runtime.v2.task/k8s.io/", "/config.json", false},
    {"run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/", "/config.json", false},
};

std::optional<FoundFile> read_first(MemberRoot& root, const std::string& id, std::size_t limit) {
  for (const UsualFile& file : usual_files) {
    auto text = root.read(file.before + id + file.after, limit);
    if (text) return FoundFile{file.is_of_docker, *std::move(text)};
  }
  return std::nullopt;
}

base::SharedText name_in(const FoundFile& file, const Annotations& annotations) {
  Names names;
  const LookupResult result = file.is_of_docker ? parse_docker_config(file.text, annotations, names)
                                                : parse_oci_config(file.text, annotations, names);
  if (result != LookupResult::found) return {};
  shorten(names);
  return names.container;
}

}  // namespace

void NestedNames::set(const std::set<Key>& wanted) {
  std::erase_if(entries_, [&](const auto& entry) { return !wanted.contains(entry.first); });
  for (const Key& key : wanted) {
    if (entries_.try_emplace(key).second) next_look_ = Clock::time_point::min();
  }
}

bool NestedNames::look(Clock::time_point now, const Run& run, const OpenRoot& open,
                       Clock::duration max_time) {
  if (now < next_look_) return false;
  const auto end = Clock::now() + max_time;
  std::vector<std::string> outers;  // that have something due
  for (const auto& [key, entry] : entries_) {
    const bool is_due = !entry.is_done && entry.backoff.is_due(now);
    if (is_due && (outers.empty() || outers.back() != key.first)) outers.push_back(key.first);
  }
  std::rotate(outers.begin(), std::ranges::upper_bound(outers, last_outer_), outers.end());
  bool is_changed = false;
  for (const auto& outer : outers) {
    if (Clock::now() >= end) break;
    is_changed = look_in(outer, now, run, open) || is_changed;
    last_outer_ = outer;
  }
  next_look_ = Clock::time_point::max();
  for (const auto& [key, entry] : entries_) {
    if (!entry.is_done) next_look_ = std::min(next_look_, std::max(now, entry.backoff.next()));
  }
  return is_changed;
}

// Reads the files on the other thread and parses them on this one, which has fewer rights.
bool NestedNames::look_in(const std::string& outer, Clock::time_point now, const Run& run,
                          const OpenRoot& open) {
  std::vector<Entries::iterator> due;
  for (auto at = entries_.lower_bound({outer, {}}); at != entries_.end(); ++at) {
    if (at->first.first != outer || due.size() == max_entries_of_outer) break;
    if (!at->second.is_done && at->second.backoff.is_due(now)) due.push_back(at);
  }
  std::vector<std::optional<FoundFile>> found;
  run([&] {
    auto root = open(outer);
    std::size_t left = max_bytes_of_outer;
    for (const auto& each : due) {
      if (left == 0) break;
      auto& file = found.emplace_back();
      if (root) file = read_first(*root, each->first.second, std::min(left, max_file));
      if (file) left -= file->text.size();
    }
  });
  bool is_changed = false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    NestedEntry& entry = due[i]->second;
    if (found[i]) entry.name = name_in(*found[i], annotations_);
    is_changed = is_changed || !entry.name.empty();
    ++entry.looks;
    entry.backoff.note_look(now, false);
    entry.is_done = !entry.name.empty() || entry.looks == Backoff::looks_in_first_minute;
  }
  return is_changed;
}

base::SharedText NestedNames::name_of(const Key& key) const {
  const auto at = entries_.find(key);
  return at == entries_.end() ? base::SharedText() : at->second.name;
}

}  // namespace cgroup2::identity
