// SPDX-License-Identifier: Apache-2.0
// RuntimeRoots: the directories in which runtimes and the kubelet keep their files, as their
// configuration says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/rooted.h"

namespace cgroup2::identity {

struct HostFiles;

/// Holds paths of the host. Those of a configuration stand before those that are usual.
struct RuntimeRoots {
  std::vector<std::string> docker{"var/lib/docker", "var/snap/docker/common/var-lib-docker"};
  std::vector<std::string> graph{"var/lib/containers/storage"};  ///< of containers/storage
  std::vector<std::string> run{"run/containers/storage"};        ///< the same
  std::vector<std::string> drivers{"overlay", "vfs"};            ///< the same
  /// Of containerd itself, and as k3s and RKE2, k0s and MicroK8s run it.
  std::vector<std::string> containerd_states{"run/containerd", "run/k3s/containerd",
                                             "run/k0s/containerd",
                                             "var/snap/microk8s/common/run/containerd"};
  std::string pod_logs = "var/log/pods";
  /// Of containers/storage for users without rights, with $HOME, $UID and $USER; empty: usual.
  std::string rootless_graph{};
};

/// Holds what the user of the exporter has set. What is empty is found.
struct RootSettings {
  std::string docker{};
  std::string graph{};
  std::string run{};
  std::string containerd_state{};
  std::string pod_logs{};
};

/// Reads the configuration files of runtimes below the host's root, and the command line of the
/// Docker daemon that runs. What is set alone counts. What cannot be read or parsed is left out.
/// `procfs` is the host's; closed: no command line is read.
[[nodiscard]] RuntimeRoots find_runtime_roots(const base::Rooted& host, const base::Dir& procfs,
                                              const RootSettings& settings);

/// Returns the data root in the arguments of a Docker daemon, each of which ends with a NUL; empty:
/// they have none. Pure.
///   dockerd -H fd:// --data-root /data/docker
[[nodiscard]] std::string data_root_of(std::string_view arguments);

/// Returns the graph root of a user without rights: of the user's own storage.conf, or else of the
/// host's, with $HOME, $UID and $USER replaced. Nothing if neither says one, or the user is not in
/// the host's /etc/passwd. Only that user's files below it may be read. Charges the user's file to
/// the budget of `files`, and ignores one that takes long to parse (see has_few_toml_tables()).
[[nodiscard]] std::optional<base::OwnedDirectory> rootless_graph_of(const HostFiles& files,
                                                                    std::string_view user);

/// Returns the data root of a user's own Docker daemon, from its daemon.json, in the same way.
[[nodiscard]] std::optional<base::OwnedDirectory> rootless_docker_of(const HostFiles& files,
                                                                     std::string_view user);

/// Adds to `roots` those of the storage.conf text: graphroot, runroot and driver. Pure.
void take_storage_conf(std::string_view text, RuntimeRoots& roots);

}  // namespace cgroup2::identity
