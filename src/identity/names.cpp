// SPDX-License-Identifier: Apache-2.0
#include "identity/names.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace cgroup2::identity {
namespace {

void fill(base::SharedText& text, const base::SharedText& more) {
  if (text.empty()) text = more;
}

void shorten(base::SharedText& text) {
  constexpr std::size_t max_size = 1024;
  if (text.size() <= max_size) return;
  const auto is_within_character = [](char c) { return (static_cast<unsigned char>(c) >> 6) == 2; };
  std::size_t end = max_size;
  while (end > max_size - 3 && is_within_character(text.view()[end])) --end;
  text = text.view().substr(0, end);
}

}  // namespace

void fill(Names& names, const Names& more) {
  fill(names.namespace_name, more.namespace_name);
  fill(names.pod, more.pod);
  fill(names.pod_uid, more.pod_uid);
  fill(names.container, more.container);
  fill(names.image, more.image);
  fill(names.machine, more.machine);
  if (names.runtime == Runtime::none) names.runtime = more.runtime;
  fill(names.sandbox_id, more.sandbox_id);
  fill(names.hostname, more.hostname);
  names.is_sandbox = names.is_sandbox || more.is_sandbox;
  if (names.labels.size() < more.labels.size()) names.labels.resize(more.labels.size());
  for (std::size_t i = 0; i < more.labels.size(); ++i) fill(names.labels[i], more.labels[i]);
}

void shorten(Names& names) {
  for (auto* text : {&names.namespace_name, &names.pod, &names.pod_uid, &names.container,
                     &names.image, &names.machine, &names.sandbox_id, &names.hostname})
    shorten(*text);
  for (auto& label : names.labels) shorten(label);
}

std::string_view to_string(LookupResult result) {
  constexpr auto words = std::to_array<std::string_view>({"found", "absent", "denied", "failed"});
  static_assert(words.size() == lookup_result_count);
  return words.at(static_cast<std::size_t>(result));
}

LookupResult joined(LookupResult a, LookupResult b) {
  return a == LookupResult::found || b == LookupResult::found ? LookupResult::found
                                                              : std::max(a, b);
}

LookupResult result_of(int code) {
  if (code == ENOENT || code == ENOTDIR) return LookupResult::absent;
  return code == EACCES || code == EPERM ? LookupResult::denied : LookupResult::failed;
}

}  // namespace cgroup2::identity
