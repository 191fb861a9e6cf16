// SPDX-License-Identifier: Apache-2.0
#include "identity/toml_strings.h"

#include <algorithm>
#include <cstddef>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 32
#include <toml++/toml.h>

namespace cgroup2::identity {

bool for_each_toml_string(std::string_view text,
                          const std::function<void(std::string_view table, std::string_view key,
                                                   const std::string& value)>& visit) {
  const toml::parse_result result = toml::parse(text);
  if (!result) return false;
  const auto visit_strings = [&](std::string_view name, const toml::table& table) {
    for (const auto& [key, value] : table) {
      if (const auto* const string = value.as_string()) visit(name, key.str(), string->get());
    }
  };
  visit_strings({}, result.table());
  for (const auto& [key, value] : result.table()) {
    if (const auto* const table = value.as_table()) visit_strings(key.str(), *table);
  }
  return true;
}

bool has_few_toml_tables(std::string_view text) {
  constexpr std::ptrdiff_t max_marks = 1000;
  return std::ranges::count_if(text, [](char c) { return c == '.' || c == '['; }) <= max_marks;
}

}  // namespace cgroup2::identity
