// SPDX-License-Identifier: Apache-2.0
#include "cgroup/interface.h"

namespace cgroup2::cgroup {
namespace {

constexpr std::size_t max_names = 1024;

std::string star_of(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return {};
  return std::string(name.substr(star, name.size() - (pattern.size() - 1)));
}

}  // namespace

std::optional<FileId> Interface::find(std::string_view name) {
  const auto known = known_.find(name);
  if (known != known_.end()) return known->second;
  if (known_.size() >= max_names) return std::nullopt;
  std::optional<FileId> id;
  for (std::size_t row = 0; row < catalog::file_count && !id; ++row) {
    const std::string_view pattern = catalog::files[row].name;
    if (!catalog::describes(pattern, name)) continue;
    id = static_cast<FileId>(files_.size());
    files_.push_back({row, std::string(name), star_of(pattern, name)});
  }
  known_.emplace(name, id);
  return id;
}

}  // namespace cgroup2::cgroup
