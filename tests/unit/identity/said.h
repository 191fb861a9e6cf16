// SPDX-License-Identifier: Apache-2.0
// What a source of names says, in one line: "found pod=web container=nginx".
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "base/rooted.h"
#include "identity/name_source.h"
#include "identity/names.h"
#include "identity/paths.h"
#include "support/tree.h"

namespace cgroup2::identity {

inline std::string describe(const Names& names) {
  std::string line;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    line += ' ';
    line += key;
    line += '=';
    line += value;
  };
  add("namespace", names.namespace_name);
  add("pod", names.pod);
  add("uid", names.pod_uid);
  add("container", names.container);
  add("image", names.image);
  add("machine", names.machine);
  add("runtime", names.runtime);
  if (names.is_sandbox) line += " sandbox";
  for (const auto& label : names.labels) line += " [" + label + ']';
  return line;
}

inline void PrintTo(const Names& names, std::ostream* out) {
  *out << '{' << describe(names) << '}';
}

namespace test {

// "-" if it was not asked.
inline std::string ask(NameSource& source, const std::string& path, Names names = {}) {
  const auto lookup = source.look({parse_path(path), path}, names);
  return lookup ? std::string(to_string(*lookup)) + describe(names) : "-";
}

// The root of a host that a test fills.
class Root {
 public:
  [[nodiscard]] base::Rooted open() const {
    return base::Rooted(*base::Dir::open(tree.path("root")));
  }
  void write(const std::string& name, const std::string& content) const {
    tree.write("root/" + name, content);
  }
  void link(const std::string& name, const std::string& target) const {
    tree.link("root/" + name, target);
  }
  void remove(const std::string& name) const { tree.remove("root/" + name); }
  [[nodiscard]] std::string path(const std::string& name) const {
    return tree.path("root/" + name);
  }

  cgroup2::test::Tree tree{{"root/", ""}};
};

}  // namespace test
}  // namespace cgroup2::identity
