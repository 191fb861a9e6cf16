// SPDX-License-Identifier: Apache-2.0
#include "http/headers.h"

#include <algorithm>

#include "http/header_list.h"

namespace cgroup2::http {
namespace {

// Takes const fields and others.
auto find(auto& fields, std::string_view name) {
  return std::ranges::find_if(fields,
                              [&](const auto& field) { return is_same_word(field.first, name); });
}

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  const auto known = find(fields_, name);
  if (known == fields_.end()) {
    fields_.emplace_back(name, value);
    return;
  }
  if (!known->second.empty()) known->second += ", ";
  known->second += value;
}

std::string_view Headers::get(std::string_view name) const {
  const auto known = find(fields_, name);
  return known == fields_.end() ? std::string_view() : known->second;
}

}  // namespace cgroup2::http
