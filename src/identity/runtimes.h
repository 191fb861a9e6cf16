// SPDX-License-Identifier: Apache-2.0
// Runtimes: has a row for each program that makes containers, virtual machines or jobs, and for
// each source of their names. To add a runtime, see CONTRIBUTING.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace cgroup2::identity {

enum class LookupResult;
struct HostFiles;
struct NameQuery;
struct Names;
struct PathComponent;
struct Workload;

/// Whether there is one row for each value of an enum that ends in `count`, in the order of the
/// values.
template <class Rows, class Row, class Enum>
[[nodiscard]] consteval bool has_a_row_for_each(const Rows& rows, Enum Row::*member) {
  if (rows.size() != static_cast<std::size_t>(Enum::count)) return false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].*member) != i) return false;
  }
  return true;
}

/// Returns the workload that a component of a cgroup's path names, if it has a shape of this
/// runtime. Sets neither subpath nor units. Pure.
using MatchComponent = std::optional<Workload>(const PathComponent& component);
MatchComponent match_buildah, match_buildkit, match_container_id, match_flux, match_garden,
    match_grid_engine, match_htcondor, match_libpod, match_lsf, match_lxc, match_mesos, match_nomad,
    match_nspawn, match_pbs, match_qemu, match_slurm, match_torque;

/// Reads the files that a runtime keeps of one container, and adds to `names` what they do not
/// have. Returns `found` if the files name the container or its pod, `absent` if they only have the
/// rest, such as an image; nothing if no file can exist for this workload, so that no lookup is
/// counted.
using LookAtFiles = std::optional<LookupResult>(const HostFiles& files, const NameQuery& query,
                                                Names& names);
LookAtFiles look_at_containerd, look_at_containers_storage, look_at_docker;

/// Where the workload of a cgroup is known from, or the workload's names.
enum class IdentitySource {
  none,
  path,
  namespaces,
  parent,
  runtime_state,
  log_links,
  pod_logs,
  containerd,
  docker,
  containers_storage,
  machined,
  pod,
  count,  ///< how many there are
};
inline constexpr auto source_count = static_cast<std::size_t>(IdentitySource::count);

/// The properties of a source.
struct SourceRow {
  IdentitySource source;
  std::string_view word;            ///< in cgroup_info{name_source} and in
                                    ///< cgroup_exporter_identity_lookups_total{source}
  std::string_view description;     ///< a sentence for the status page
  LookAtFiles* look = nullptr;      ///< for sources that only read files, in the order of the rows
  bool has_files_of_users = false;  ///< it reads the user's own files for a cgroup of the user's
};

inline constexpr auto all_sources = std::to_array<SourceRow>({
    {IdentitySource::none, "none", "Nothing says more than the path."},
    {IdentitySource::path, "path", "The path has the shape of a runtime."},
    {IdentitySource::namespaces, "namespaces",
     "Its processes live in the namespaces of a container that a path names, in a pod’s network, "
     "or in a pid namespace of their own."},
    {IdentitySource::parent, "parent",
     "It has no process to ask and lies below a cgroup whose owner is known."},
    {IdentitySource::runtime_state, "runtime_state",
     "The state files of crun or runc, also those that containerd has them write."},
    {IdentitySource::log_links, "log_links", "The links in /var/log/containers."},
    {IdentitySource::pod_logs, "pod_logs", "The directories in /var/log/pods."},
    {IdentitySource::containerd, "containerd", "containerd’s OCI bundles.", look_at_containerd},
    {IdentitySource::docker, "docker", "Docker’s config.v2.json.", look_at_docker, true},
    {IdentitySource::containers_storage, "containers_storage",
     "The files of CRI-O, Podman or Buildah.", look_at_containers_storage, true},
    {IdentitySource::machined, "machined", "The registrations of systemd-machined."},
    {IdentitySource::pod, "pod", "Another cgroup of the same pod."},
});
static_assert(has_a_row_for_each(all_sources, &SourceRow::source));

[[nodiscard]] constexpr const SourceRow& row_of(IdentitySource source) {
  return all_sources.at(static_cast<std::size_t>(source));
}

/// Returns "none", "path", …
[[nodiscard]] constexpr std::string_view to_string(IdentitySource source) {
  return row_of(source).word;
}

/// Some of the sources.
class SourceSet {
 public:
  constexpr SourceSet(std::initializer_list<IdentitySource> sources) {
    for (const auto source : sources) bits_ |= bit_of(source);
  }

  [[nodiscard]] constexpr SourceSet with(SourceSet others) const {
    others.bits_ |= bits_;
    return others;
  }
  [[nodiscard]] constexpr bool has(IdentitySource source) const {
    return (bits_ & bit_of(source)) != 0;
  }

 private:
  static constexpr std::uint32_t bit_of(IdentitySource source) {
    return std::uint32_t{1} << static_cast<unsigned>(source);
  }

  std::uint32_t bits_ = 0;
};

enum class Runtime {
  none,  ///< of Kubernetes pods, Kata, and cgroups that are no workload
  lxc,
  libpod,
  unknown,  ///< of a container whose path does not name its runtime
  qemu,
  nspawn,
  torque,
  slurm,
  nomad,
  htcondor,
  pbs,
  flux,
  lsf,
  grid_engine,
  buildah,
  buildkit,
  garden,
  mesos,
  cri_containerd,
  containerd,
  nerdctl,
  crio,
  docker,
  crun,
  runc,
  count,  ///< how many there are
};

/// What the container_id of a workload is.
enum class IdShape {
  hex64,  ///< 64 hex digits
  name,   ///< the name that a person gave to it
  other,  ///< anything else that a program made: a number, 32 hex digits, a word
};

/// The properties of a runtime.
struct RuntimeRow {
  Runtime runtime;
  std::string_view word;  ///< in cgroup_info{runtime}
  IdShape id;
  SourceSet sources;                ///< those that may have the names of its containers and pods
  MatchComponent* match = nullptr;  ///< not needed for prefixes and parent, which follow
  /// The words in front of 64 hex digits: docker-<id>.scope
  std::array<std::string_view, 2> prefixes{};
  std::string_view monitor_prefix{};  ///< the same for the cgroup of a container's conmon
  std::string_view parent{};          ///< the component above 64 hex digits: docker/<id>
};

// clang-format off
consteval auto make_runtimes() {
  using enum IdentitySource;
  // Those that may have any container with 64 hex digits, and any Kubernetes pod.
  constexpr SourceSet any{runtime_state, log_links, pod_logs};
  return std::to_array<RuntimeRow>({
      // The ids are Kata's, and below kata_overhead those of any runtime.
      {.runtime = Runtime::none, .word = "", .id = IdShape::other,
       .sources = any.with({containerd, containers_storage})},
      // LXC and Podman are before 64 hex digits: below "lxc" these are a container's name, below
      // "libpod_parent" a pod's id.
      {Runtime::lxc, "lxc", IdShape::name, {machined}, match_lxc},
      {.runtime = Runtime::libpod, .word = "libpod", .id = IdShape::hex64,
       .sources = any.with({containers_storage}), .match = match_libpod,
       .prefixes = {"libpod", "libpod-payload"},  // payload: --cgroups=split, as Quadlet does
       .monitor_prefix = "libpod-conmon"},
      // Matches 64 hex digits of every runtime, whose prefixes and parents are in their rows.
      {.runtime = Runtime::unknown, .word = "unknown", .id = IdShape::hex64,
       .sources = any.with({containerd, docker, containers_storage}), .match = match_container_id},
      {Runtime::qemu, "qemu", IdShape::name, {machined}, match_qemu},
      // nspawn is after LXC and QEMU because its shape includes those that libvirt makes for them.
      {Runtime::nspawn, "nspawn", IdShape::name, {machined}, match_nspawn},
      {Runtime::torque, "torque", IdShape::other, {}, match_torque},
      {Runtime::slurm, "slurm", IdShape::other, {}, match_slurm},
      {Runtime::nomad, "nomad", IdShape::other, {}, match_nomad},
      {Runtime::htcondor, "htcondor", IdShape::other, {}, match_htcondor},
      {Runtime::pbs, "pbs", IdShape::other, {}, match_pbs},
      {Runtime::flux, "flux", IdShape::other, {}, match_flux},
      {Runtime::lsf, "lsf", IdShape::other, {}, match_lsf},
      {Runtime::grid_engine, "grid-engine", IdShape::other, {}, match_grid_engine},
      {Runtime::buildah, "buildah", IdShape::other, {runtime_state}, match_buildah},
      {Runtime::buildkit, "buildkit", IdShape::other, {runtime_state}, match_buildkit},
      {Runtime::garden, "garden", IdShape::other, {runtime_state}, match_garden},
      {Runtime::mesos, "mesos", IdShape::other, {}, match_mesos},
      {.runtime = Runtime::cri_containerd, .word = "cri-containerd", .id = IdShape::hex64,
       .sources = any.with({containerd}), .prefixes = {"cri-containerd"}},
      {.runtime = Runtime::containerd, .word = "containerd", .id = IdShape::hex64,
       .sources = any.with({containerd, containers_storage}), .prefixes = {"containerd"}},
      {.runtime = Runtime::nerdctl, .word = "nerdctl", .id = IdShape::hex64,
       .sources = any.with({containerd}), .prefixes = {"nerdctl"}},
      {.runtime = Runtime::crio, .word = "crio", .id = IdShape::hex64,
       .sources = any.with({containers_storage}), .prefixes = {"crio"},
       .monitor_prefix = "crio-conmon"},
      {.runtime = Runtime::docker, .word = "docker", .id = IdShape::hex64,
       .sources = any.with({docker}), .prefixes = {"docker"}, .parent = "docker"},
      // Only their state files name crun and runc. Whoever called them chose the id.
      {Runtime::crun, "crun", IdShape::other, any.with({containerd, containers_storage})},
      {Runtime::runc, "runc", IdShape::other, any.with({containerd, containers_storage})},
  });
}
// clang-format on

/// One row for each runtime. The first row whose `match` succeeds decides.
inline constexpr auto all_runtimes = make_runtimes();
static_assert(has_a_row_for_each(all_runtimes, &RuntimeRow::runtime));

[[nodiscard]] constexpr const RuntimeRow& row_of(Runtime runtime) {
  return all_runtimes.at(static_cast<std::size_t>(runtime));
}

/// Returns "cri-containerd", "crio", …; "" for Runtime::none.
[[nodiscard]] constexpr std::string_view to_string(Runtime runtime) { return row_of(runtime).word; }

}  // namespace cgroup2::identity
