// SPDX-License-Identifier: Apache-2.0
#include "base/procfs.h"

#include "base/text.h"

namespace cgroup2::base {

std::optional<std::string_view> find_value(std::string_view text, std::string_view key) {
  while (auto line = next_line(text)) {
    auto name = next_token(*line);
    if (!name) continue;
    if (name->ends_with(':')) name->remove_suffix(1);
    if (*name == key) return line;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> find_number(std::string_view text, std::string_view key) {
  auto value = find_value(text, key);
  const auto number = value ? next_token(*value) : std::nullopt;
  return number ? parse_u64(*number) : std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto digits = next_token(text);
  const auto number = digits ? parse_u64(*digits) : std::nullopt;
  const auto unit = next_token(text);
  if (!number || !unit) return number;
  constexpr std::uint64_t kib = 1024;
  if (*unit != "kB" || *number > ~std::uint64_t{0} / kib) return std::nullopt;
  return *number * kib;
}

std::optional<std::uint64_t> find_total_memory(std::string_view meminfo) {
  const auto value = find_value(meminfo, "MemTotal");
  return value ? parse_size(*value) : std::nullopt;
}

std::optional<std::string_view> find_stat_field(std::string_view stat, int number) {
  constexpr int first = 3;  // the state, which follows the name
  const auto name_end = stat.rfind(')');
  if (number < first || name_end == std::string_view::npos) return std::nullopt;
  auto rest = stat.substr(name_end + 1);
  auto field = next_token(rest);
  for (int i = first; field && i < number; ++i) field = next_token(rest);
  return field;
}

}  // namespace cgroup2::base
