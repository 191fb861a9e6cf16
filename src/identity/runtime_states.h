// SPDX-License-Identifier: Apache-2.0
// RuntimeStates: reads the states that crun and runc keep of their containers, also of those that
// containerd has them run. They name containers whose cgroups have paths of no known shape.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "identity/host_files.h"
#include "identity/workload.h"

namespace cgroup2::identity {

/// What is known of a container from its state.
struct RuntimeState {
  std::string cgroup;  ///< below the mount, with a leading slash
  std::string bundle;  ///< directory of its OCI configuration

  friend bool operator==(const RuntimeState&, const RuntimeState&) = default;
};

/// Parses crun's status and runc's state.json. Nothing if it has no cgroup.
///   {"cgroup-path":"/build/17","bundle":"/run/b",…}
///   {"cgroup_paths":{"":"/sys/fs/cgroup/build/17"},"config":{"labels":["bundle=/run/b"]},…}
[[nodiscard]] std::optional<RuntimeState> parse_runtime_state(std::string_view text);

/// Their directories in /run are 0700 of root. Belongs to one thread.
class RuntimeStates {
 public:
  /// What `files` refers to must outlive this.
  explicit RuntimeStates(const HostFiles& files) : files_(files) {}

  /// Reads new states and returns whether there were changes. Without changes it makes a few system
  /// calls.
  [[nodiscard]] bool refresh();

  /// Returns the container whose own cgroup this is: its id and runtime; nothing else is set.
  [[nodiscard]] std::optional<Workload> workload_of(std::string_view path) const;

  /// Adds what the annotations of the bundle's configuration mean to `names`. Nothing for a
  /// workload without a state.
  [[nodiscard]] std::optional<LookupResult> look(const NameQuery& query, Names& names);

 private:
  struct Container {
    std::string id;
    Runtime runtime = Runtime::none;  // who called it by this id
    std::uint64_t stamp = 0;          // of its directory: an id may be used again
    RuntimeState state{};
  };
  struct StateDirectory {
    Runtime runtime;
    std::string path;
    std::vector<std::string> files;        // of each container; the first that is there
    std::optional<std::uint64_t> stamp{};  // nothing: it must be listed
    std::map<std::string, Container, std::less<>> containers{};  // by id
  };

  bool find_namespaces();
  bool refresh(StateDirectory& directory);
  bool read(StateDirectory& directory, const std::string& id);

  [[nodiscard]] const Container* find(const NameQuery& query) const;

  HostFiles files_;
  std::optional<std::uint64_t> namespaces_stamp_;  // of the directory with containerd's namespaces
  std::vector<StateDirectory> directories_{{Runtime::crun, "run/crun", {"status"}},
                                           {Runtime::runc, "run/runc", {"state.json"}}};
  std::map<std::string, const Container*, std::less<>> by_path_;
};

}  // namespace cgroup2::identity
