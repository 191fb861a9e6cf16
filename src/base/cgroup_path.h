// SPDX-License-Identifier: Apache-2.0
// Paths of cgroups, raw bytes as the kernel has them: "/" for the root, else no slash at the end.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::base {

/// Joins the path of a cgroup and the name of a directory in it.
[[nodiscard]] inline std::string child_path(std::string_view parent, std::string_view name) {
  std::string path(parent);
  if (parent != "/") path += '/';
  path += name;
  return path;
}

/// Whether `ancestor` is above `path`. No cgroup is above itself.
[[nodiscard]] inline bool is_below(std::string_view path, std::string_view ancestor) {
  if (ancestor == "/") return path != "/";
  return path.size() > ancestor.size() && path.starts_with(ancestor) &&
         path[ancestor.size()] == '/';
}

/// Whether `parent` is right above `path`.
[[nodiscard]] inline bool is_child(std::string_view path, std::string_view parent) {
  const auto slash = path.rfind('/');
  return is_below(path, parent) && slash == (parent == "/" ? 0 : parent.size());
}

}  // namespace cgroup2::base
