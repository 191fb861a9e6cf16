// SPDX-License-Identifier: Apache-2.0
#include "bench/floor.h"

#include <algorithm>
#include <stdexcept>

#include "catalog/catalog.h"

namespace cgroup2::bench {
namespace {

struct WantedFile {
  const char* name;
  bool is_of_parents;  // read of cgroups with children alone
};

// What the selected metrics are made of.
std::vector<WantedFile> wanted_files(catalog::ReadPhase phase, const cgroup::Selection& selection,
                                     FloorFiles which) {
  std::vector<WantedFile> wanted;
  for (const catalog::File& file : catalog::files) {
    const bool is_hot =
        file.changes == catalog::Changes::always && file.name != "memory.events.local";
    if (which == FloorFiles::hot && !is_hot) continue;
    if (file.phase != phase) continue;
    bool is_wanted = false;
    bool is_of_parents = true;
    for (std::size_t i = 0; i < catalog::metric_count; ++i) {
      if (catalog::metrics[i].source.file != file.name || !selection.reads(i)) continue;
      is_wanted = true;
      is_of_parents = is_of_parents && selection.narrowed.test(i) &&
                      catalog::metrics[i].lean == catalog::Lean::parents;
    }
    if (is_wanted) wanted.push_back({file.name.data(), is_of_parents});
  }
  return wanted;
}

bool has_children(const std::filesystem::path& directory) {
  return std::ranges::any_of(std::filesystem::directory_iterator(directory),
                             [](const auto& entry) { return entry.is_directory(); });
}

}  // namespace

Floor::Floor(const std::filesystem::path& root, const cgroup::Selection& selection,
             FloorFiles which)
    : buffer_(std::size_t{256} << 10) {
  std::vector<std::filesystem::path> paths{root};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_directory()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const auto& path : paths) dirs_.push_back(*base::Dir::open(path.string()));
  const auto add = [&](const WantedFile& file, std::size_t at) {
    const bool is_there = std::filesystem::exists(paths[at] / file.name);
    if (is_there && (!file.is_of_parents || has_children(paths[at])))
      files_.push_back({&dirs_[at], file.name});
  };
  for (int number = 0; number < catalog::read_phase_count; ++number) {
    const auto phase = static_cast<catalog::ReadPhase>(number);
    const auto wanted = wanted_files(phase, selection, which);
    if (phase == catalog::ReadPhase::memory) {
      for (std::size_t at = 0; at < dirs_.size(); ++at) {
        for (const WantedFile& file : wanted) add(file, at);
      }
    } else {
      for (const WantedFile& file : wanted) {
        for (std::size_t at = 0; at < dirs_.size(); ++at) add(file, at);
      }
    }
  }
}

std::size_t Floor::files(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count(
      files_, name, [](const File& file) { return std::string_view(file.name); }));
}

std::size_t Floor::read() {
  std::size_t bytes = 0;
  for (const File& file : files_) {
    const auto text = file.dir->read_at(file.name, buffer_);
    if (!text) throw std::runtime_error(std::string(file.name) + ": " + text.error().message());
    bytes += text->size();
  }
  return bytes;
}

}  // namespace cgroup2::bench
