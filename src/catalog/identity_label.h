// SPDX-License-Identifier: Apache-2.0
// Declares the labels that say whose a cgroup is, one row each, in their order on a series.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cgroup2::catalog {

enum class IdentityLabel {
  container_id,
  namespace_name,
  pod,
  container,
  user,
  job,
  kind,
  runtime,
  pod_uid,
  qos,
  image,
  machine,
  unit,
  user_unit,
  subpath,
  nested_container_id,
  nested_runtime,
  nested_container,
  name_source,
};

struct IdentityLabelInfo {
  std::string_view name;
  bool is_on_every_series;  ///< by default; the others are on cgroup_info
  std::string_view help;
};

inline constexpr auto identity_labels = std::to_array<IdentityLabelInfo>({
    {.name = "container_id",
     .is_on_every_series = false,  // 64 digits, which the path in `cgroup` has, too
     .help = "Id of the container; the name of a virtual machine or LXC container, the number of a "
             "job."},
    {.name = "namespace", .is_on_every_series = true, .help = "Namespace of the Kubernetes pod."},
    {.name = "pod",
     .is_on_every_series = true,
     .help = "Name of the pod, of Kubernetes or Podman."},
    {.name = "container",
     .is_on_every_series = true,
     .help = "Name of the container: in its pod, or the one that its user gave to it. Not of a "
             "pod's sandbox."},
    {.name = "user",
     .is_on_every_series = true,
     .help =
         "User of the host who made the cgroup, below an own service manager (user@UID.service) or "
         "another directory of that user: the name, or the uid if /etc/passwd has none. That "
         "user chose the ids and names of container and pod. Of a job the user whose job it is, "
         "where the path says so."},
    {.name = "job",
     .is_on_every_series = false,  // Prometheus has a label of this name for the target
     .help = "Id of the job of a batch system: its number, SLUID or slot. Prometheus renames it to "
             "exported_job, unless honor_labels is set."},
    {.name = "kind",
     .is_on_every_series = false,
     .help = "What the cgroup stands for: container, pod, qos, sandbox, conmon, vm, job, other and "
             "some more."},
    {.name = "runtime",
     .is_on_every_series = false,
     .help = "Who made the container, as its path or a runtime's files say: cri-containerd, crio, "
             "docker, libpod, lxc and so on."},
    {.name = "pod_uid",
     .is_on_every_series = false,
     .help = "UID of the Kubernetes pod; of a static pod the hash of its file, or the one that is "
             "in it."},
    {.name = "qos",
     .is_on_every_series = false,
     .help = "QoS class of the Kubernetes pod: guaranteed, burstable or besteffort."},
    {.name = "image",
     .is_on_every_series = false,
     .help = "Image of the container, as it was asked for."},
    {.name = "machine",
     .is_on_every_series = false,
     .help = "Name of the machine that systemd-machined registered."},
    {.name = "unit",
     .is_on_every_series = false,
     .help = "Unit of systemd that the cgroup belongs to."},
    {.name = "user_unit",
     .is_on_every_series = false,
     .help = "Unit of the user's systemd that the cgroup belongs to."},
    {.name = "subpath",
     .is_on_every_series = false,
     .help = "Path of the cgroup below its container's own."},
    {.name = "nested_container_id",
     .is_on_every_series = false,
     .help = "Id of the innermost container, if it runs inside of another container, a virtual "
             "machine or a job. Who is in there may have chosen it."},
    {.name = "nested_runtime",
     .is_on_every_series = false,
     .help = "Runtime of that container, as its path says."},
    {.name = "nested_container",
     .is_on_every_series = false,
     .help = "Name of that container, as the files of a Docker daemon or a kubelet's containerd in "
             "the outer container say. Who is in there chose it."},
    {.name = "name_source",
     .is_on_every_series = false,
     .help = "Source of the cgroup's name or, if it has no name, of its identification."},
});

inline constexpr std::size_t identity_label_count = identity_labels.size();

/// Selects labels, indexed by IdentityLabel.
using IdentityLabelSet = std::bitset<identity_label_count>;

[[nodiscard]] constexpr std::size_t index(IdentityLabel label) {
  return static_cast<std::size_t>(label);
}

/// Finds the label of that name, or nothing.
[[nodiscard]] constexpr std::optional<IdentityLabel> find_identity_label(std::string_view name) {
  for (std::size_t i = 0; i < identity_label_count; ++i) {
    if (identity_labels[i].name == name) return static_cast<IdentityLabel>(i);
  }
  return std::nullopt;
}

}  // namespace cgroup2::catalog
