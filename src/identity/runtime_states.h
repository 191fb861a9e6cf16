// SPDX-License-Identifier: Apache-2.0
// RuntimeStates: the containers that crun and runc keep a state of, wherever their cgroups are. The
// only source for containers whose cgroup was given a path that says nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rooted.h"
#include "base/text.h"
#include "identity/annotations.h"
#include "identity/name_source.h"

namespace cgroup2::identity {

/// What a runtime's state says of a container.
struct RuntimeState {
  std::string cgroup;  ///< below the mount, with a leading slash
  std::string bundle;  ///< directory of its OCI configuration

  friend bool operator==(const RuntimeState&, const RuntimeState&) = default;
};

/// Parses crun's status and runc's state.json. Nothing if there is no cgroup in it.
///   {"cgroup-path":"/build/17","bundle":"/run/b",…}
///   {"cgroup_paths":{"":"/sys/fs/cgroup/build/17"},"config":{"labels":["bundle=/run/b"]},…}
[[nodiscard]] std::optional<RuntimeState> parse_runtime_state(std::string_view text);

/// Their directories in /run are 0700 of root.
class RuntimeStates final : public NameSource {
 public:
  /// Both must outlive this.
  RuntimeStates(const base::Rooted& host, const Annotations& annotations)
      : host_(host), annotations_(annotations) {}

  /// Looks for new states and returns whether there were changes. Costs a few system calls if not.
  [[nodiscard]] bool refresh();

  /// The container whose own cgroup this is: its id and runtime; nothing else is set.
  [[nodiscard]] std::optional<PathIdentity> owner_of(std::string_view path) const;

  /// Takes the annotations of the bundle's configuration.
  [[nodiscard]] std::optional<Lookup> look(const Question& question, Names& names) override;

 private:
  struct Container {
    std::string id, runtime;
    std::uint64_t stamp = 0;  // of its directory: an id may be used again
    RuntimeState state{};
  };
  struct Place {
    std::string runtime, directory, file;
    std::optional<std::uint64_t> stamp{};           // nothing: to be listed
    std::map<std::string, Container> containers{};  // by id
  };

  bool refresh(Place& place);
  bool read(Place& place, const std::string& id);

  const base::Rooted& host_;
  const Annotations& annotations_;
  std::vector<Place> places_{{"crun", "run/crun", "status"}, {"runc", "run/runc", "state.json"}};
  std::map<std::string, const Container*, std::less<>> by_path_;
};

}  // namespace cgroup2::identity
