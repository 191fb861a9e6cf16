// SPDX-License-Identifier: Apache-2.0
// The root of a host that a test fills, and the names that sources find in it. Prints names and
// workloads in the messages of failed tests.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/rooted.h"
#include "identity/host_files.h"
#include "identity/names.h"
#include "identity/paths.h"
#include "identity/runtimes.h"
#include "identity/users.h"
#include "support/tree.h"

namespace cgroup2::identity {

inline std::string describe(const Names& names) {
  std::string line;
  const auto add = [&](std::string_view key, std::string_view value) {
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
  add("runtime", to_string(names.runtime));
  add("sandbox_id", names.sandbox_id);
  add("hostname", names.hostname);
  if (names.is_sandbox) line += " sandbox";
  for (const auto& label : names.labels) line += " [" + std::string(label) + ']';
  return line;
}

inline void PrintTo(const Names& names, std::ostream* out) {
  *out << '{' << describe(names) << '}';
}

inline void PrintTo(const Workload& owner, std::ostream* out) {
  *out << to_string(owner.kind) << " qos=" << owner.qos << " pod=" << owner.pod_uid
       << " runtime=" << to_string(owner.runtime) << " id=" << owner.container_id
       << " subpath=" << owner.subpath << " unit=" << owner.unit
       << " user_unit=" << owner.user_unit;
}

namespace test {

// Finds the names of a cgroup with the `look` of a source: "found pod=web container=nginx". "-" if
// the row of its runtime does not have the source, or if the source has nothing to read.
template <class Look>
std::string find_names(IdentitySource source, const std::string& path, const Look& look,
                       Names names = {}) {
  const Workload owner = parse_path(path);
  if (!row_of(owner.runtime).sources.has(source)) return "-";
  const std::optional<LookupResult> result =
      look(NameQuery{owner, path, std::string(user_of_workload(path, owner.subpath).value_or(""))},
           names);
  return result ? std::string(to_string(*result)) + describe(names) : "-";
}

// The same for a source that only reads files.
inline std::string find_names(IdentitySource source, const std::string& path,
                              const HostFiles& files) {
  return find_names(source, path, [&](const NameQuery& query, Names& names) {
    return row_of(source).look(files, query, names);
  });
}

// Returns the runtime with this word, for tables of text.
inline Runtime runtime_of(std::string_view word) {
  const auto row = std::ranges::find(all_runtimes, word, &RuntimeRow::word);
  if (row == all_runtimes.end()) throw std::invalid_argument(std::string(word));
  return row->runtime;
}

// Limits this process to one more descriptor while this exists: enough to open a directory, not to
// list it.
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

// The uid of whoever runs the tests, to whom the files of a test belong, and the path of that
// user's own service manager.
inline const std::string my_uid = std::to_string(::geteuid());
inline const std::string my_session =
    "/user.slice/user-" + my_uid + ".slice/user@" + my_uid + ".service";
inline const std::string my_passwd = "u:x:" + my_uid + ':' + my_uid + "::/home/u:/bin/sh\n";

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
  // Dates the last change of a directory back: one that changed just now is read at every lookup.
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
