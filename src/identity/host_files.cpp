// SPDX-License-Identifier: Apache-2.0
#include "identity/host_files.h"

#include <algorithm>
#include <cerrno>

namespace cgroup2::identity {
namespace {

base::Result<std::string> read(const HostFiles& files, const HostFile& file) {
  return file.top ? read_of_user(files, *file.top, file.path, max_file_of_user)
                  : files.root.read(file.path, max_runtime_file);
}

}  // namespace

base::Result<std::string> read_of_user(const HostFiles& files, const base::OwnedDirectory& top,
                                       const std::string& path, std::size_t limit) {
  ReadBudget* const budget = files.budget;
  const std::size_t left = budget != nullptr ? budget->left : limit;
  auto text = files.root.read_below(top, path, std::min(left, limit));
  if (budget == nullptr) return text;
  if (text) budget->left -= text->size();
  const bool is_too_large = !text && text.error().code == EFBIG;
  budget->is_exceeded = budget->is_exceeded || (is_too_large && left < limit);
  return text;
}

LookupResult look_at_first(const HostFiles& files, const std::vector<HostFile>& places,
                           const std::function<LookupResult(const std::string&)>& parse) {
  LookupResult all = LookupResult::absent;
  for (const auto& place : places) {
    const auto text = read(files, place);
    all = joined(all, text ? parse(*text) : result_of(text.error().code));
    if (all == LookupResult::found) break;
  }
  return all;
}

}  // namespace cgroup2::identity
