// SPDX-License-Identifier: Apache-2.0
#include "identity/host_files.h"

#include <algorithm>
#include <cerrno>

namespace cgroup2::identity {
namespace {

base::Result<std::string> read(const HostFiles& files, const HostFile& file) {
  if (!file.top) return files.root.read(file.path, max_runtime_file);
  ReadBudget* const budget = files.budget;
  const std::size_t left = budget != nullptr ? budget->left : max_file_of_user;
  auto text = files.root.read_below(*file.top, file.path, std::min(left, max_file_of_user));
  if (budget == nullptr) return text;
  if (text) budget->left -= text->size();
  const bool is_too_large = !text && text.error().code == EFBIG;
  budget->is_exceeded = budget->is_exceeded || (is_too_large && left < max_file_of_user);
  return text;
}

}  // namespace

Lookup look_at_first(const HostFiles& files, const std::vector<HostFile>& places,
                     const std::function<Lookup(const std::string&)>& parse) {
  Lookup all = Lookup::absent;
  for (const auto& place : places) {
    const auto text = read(files, place);
    all = both(all, text ? parse(*text) : lookup_of(text.error().code));
    if (all == Lookup::found) break;
  }
  return all;
}

}  // namespace cgroup2::identity
