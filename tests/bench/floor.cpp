// SPDX-License-Identifier: Apache-2.0
#include "bench/floor.h"

#include <algorithm>
#include <stdexcept>

#include "catalog/catalog.h"

namespace cgroup2::bench {
namespace {

// What the enabled collectors are made of.
std::vector<const char*> wanted_names(catalog::ReadPhase phase,
                                      const cgroup::CollectorSet& enabled) {
  std::vector<const char*> names;
  for (const catalog::File& file : catalog::files) {
    const bool is_wanted = std::ranges::any_of(catalog::metrics, [&](const auto& metric) {
      return metric.source.file == file.name && metric.collector &&
             enabled.test(index(*metric.collector));
    });
    if (is_wanted && file.phase == phase) names.push_back(file.name.data());
  }
  return names;
}

}  // namespace

Floor::Floor(const std::filesystem::path& root, const cgroup::CollectorSet& enabled)
    : buffer_(std::size_t{256} << 10) {
  std::vector<std::filesystem::path> paths{root};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_directory()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  for (const auto& path : paths) dirs_.push_back(*base::Dir::open(path.string()));
  const auto add = [&](const char* name, std::size_t at) {
    if (std::filesystem::exists(paths[at] / name)) files_.push_back({&dirs_[at], name});
  };
  for (int phase = 0; phase < catalog::read_phase_count; ++phase) {
    const auto names = wanted_names(static_cast<catalog::ReadPhase>(phase), enabled);
    if (static_cast<catalog::ReadPhase>(phase) == catalog::ReadPhase::memory) {
      for (std::size_t at = 0; at < dirs_.size(); ++at) {
        for (const char* name : names) add(name, at);
      }
    } else {
      for (const char* name : names) {
        for (std::size_t at = 0; at < dirs_.size(); ++at) add(name, at);
      }
    }
  }
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
