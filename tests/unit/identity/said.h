// SPDX-License-Identifier: Apache-2.0
// What a source of names says, in one line: "found pod=web container=nginx".
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "base/fd.h"
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
  add("sandbox_id", names.sandbox_id);
  add("hostname", names.hostname);
  if (names.is_sandbox) line += " sandbox";
  for (const auto& label : names.labels) line += " [" + label + ']';
  return line;
}

inline void PrintTo(const Names& names, std::ostream* out) {
  *out << '{' << describe(names) << '}';
}

namespace test {

// "-" if it was not asked. UBSan looks at an object through a pipe before it believes its vptr, and
// calls it invalid where LastDescriptor leaves no descriptors for one.
[[gnu::no_sanitize("vptr")]] inline std::string ask(NameSource& source, const std::string& path,
                                                    Names names = {}) {
  const auto lookup = source.look({parse_path(path), path}, names);
  return lookup ? std::string(to_string(*lookup)) + describe(names) : "-";
}

// Leaves only one more descriptor to this process for the time of its life: enough to look at a
// directory, not to list it.
class LastDescriptor {
 public:
  LastDescriptor() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const base::Fd next(::dup(0));
    const rlimit one{static_cast<rlim_t>(next.number()) + 1, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &one);
  }
  LastDescriptor(const LastDescriptor&) = delete;
  LastDescriptor& operator=(const LastDescriptor&) = delete;
  ~LastDescriptor() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

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
  // As if the directory had changed long ago: what changed just now is read at every look.
  void age(const std::string& name) const {
    std::filesystem::last_write_time(
        path(name), std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return tree.path("root/" + name);
  }

  cgroup2::test::Tree tree{{"root/", ""}};
};

}  // namespace test
}  // namespace cgroup2::identity
