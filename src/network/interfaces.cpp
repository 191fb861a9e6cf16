// SPDX-License-Identifier: Apache-2.0
#include "network/interfaces.h"

#include "base/text.h"

namespace cgroup2::network {
namespace {

constexpr std::string_view first_header = "Inter-|";
constexpr std::string_view second_header =
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop ";

// Of the eight columns of a direction the first four are used.
constexpr std::size_t columns_per_direction = 8;
constexpr std::size_t used_per_direction = counter_count / 2;
constexpr std::size_t columns = columns_per_direction + used_per_direction;

}  // namespace

std::optional<std::string_view> interface_lines(std::string_view text) {
  const auto first = base::next_line(text);
  const auto second = base::next_line(text);
  const bool is_known =
      first && first->starts_with(first_header) && second && second->starts_with(second_header);
  return is_known ? std::optional(text) : std::nullopt;
}

// The name ends at the last colon: the aliases of old kernels have colons in their names, numbers
// have none.
std::optional<InterfaceCounters> parse_interface(std::string_view line) {
  const auto colon = line.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto before = line.substr(0, colon);
  const auto name = base::next_token(before);
  if (!name || base::next_token(before)) return std::nullopt;
  InterfaceCounters interface {
    *name, {}
  };
  auto rest = line.substr(colon + 1);
  std::size_t used = 0;
  for (std::size_t column = 0; column < columns; ++column) {
    const auto token = base::next_token(rest);
    const auto number = token ? base::parse_u64(*token) : std::nullopt;
    if (!number) return std::nullopt;
    if (column % columns_per_direction < used_per_direction)
      interface.counters.at(used++) = *number;
  }
  return interface;
}

}  // namespace cgroup2::network
