// SPDX-License-Identifier: Apache-2.0
#include "identity/units.h"

#include <algorithm>
#include <cstddef>

#include "identity/components.h"

namespace cgroup2::identity {
namespace {

constexpr std::string_view slice_suffix = ".slice";

constexpr std::string_view types[] = {"service", "scope", "slice",  "socket", "mount",    "swap",
                                      "timer",   "path",  "target", "device", "automount"};

bool is_name_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view(":-_.\\@").find(c) != std::string_view::npos;
}

//   nginx.service   getty@tty1.service   app-gnome\x2dclocks-4711.scope
// A template without an instance ("getty@.service") never runs.
bool is_unit_name(std::string_view name) {
  constexpr std::size_t max_length = 255;
  const auto dot = name.rfind('.');
  if (name.size() > max_length || dot == std::string_view::npos || dot == 0) return false;
  if (std::ranges::find(types, name.substr(dot + 1)) == std::end(types)) return false;
  name = name.substr(0, dot);
  if (!std::ranges::all_of(name, is_name_byte)) return false;
  const auto at = name.find('@');
  return at == std::string_view::npos || (at != 0 && at + 1 != dot);
}

//   _cpu.foo.service -> cpu.foo.service
// systemd puts an underscore before a name that could be taken for a file of the kernel, and before
// one that begins with an underscore.
std::string_view unescape(std::string_view component) {
  if (component.starts_with('_')) component.remove_prefix(1);
  return component;
}

// Removes the leading slices and the unit below them from the path, and returns the unit.
std::string_view take_unit(std::string_view& rest) {
  std::string_view slice;
  while (const auto component = next_component(rest)) {
    const auto name = unescape(*component);
    if (!is_unit_name(name)) return {};
    if (!name.ends_with(slice_suffix)) return name;
    if (name.find('@') != std::string_view::npos) return {};  // slices have no instances
    slice = name;
  }
  return slice;
}

}  // namespace

Units parse_units(std::string_view path) {
  Units units{take_unit(path), {}};
  const auto uid = between(units.unit, "user@", ".service");
  if (uid && is_number(*uid)) units.user_unit = take_unit(path);
  return units;
}

}  // namespace cgroup2::identity
