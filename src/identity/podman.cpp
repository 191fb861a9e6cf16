// SPDX-License-Identifier: Apache-2.0
#include "identity/podman.h"

#include <cstddef>
#include <string_view>

namespace cgroup2::identity {
namespace {

constexpr std::size_t id_digits = 64;
constexpr std::string_view cgroupfs_parent = "libpod_parent";

PathIdentity make_owner(Kind kind) {
  PathIdentity owner;
  owner.kind = kind;
  owner.runtime = "libpod";
  return owner;
}

//   machine.slice/machine-libpod_pod_<id>.slice   user.slice/user-libpod_pod_<id>.slice
bool is_pod_slice(std::string_view name) {
  const auto stem = between(name, "", ".slice");
  if (!stem || stem->size() < id_digits) return false;
  const auto at = stem->size() - id_digits;
  if (!is_hex(stem->substr(at), id_digits)) return false;
  const auto left = stem->substr(0, at);
  return left == "libpod_pod_" || left.ends_with("-libpod_pod_");
}

//   libpod_parent/<id>
bool is_pod_directory(std::string_view name, std::string_view parent) {
  return parent == cgroupfs_parent && is_hex(name, id_digits);
}

//   libpod_parent/conmon   libpod_parent/<id of a pod>/conmon
bool is_conmon_directory(const Place& place) {
  return place.name == "conmon" &&
         (place.parent == cgroupfs_parent || is_pod_directory(place.parent, place.grandparent));
}

}  // namespace

std::optional<PathIdentity> match_podman(const Place& place) {
  if (is_pod_slice(place.name) || is_pod_directory(place.name, place.parent))
    return make_owner(Kind::pod);
  if (is_conmon_directory(place)) return make_owner(Kind::conmon);
  return std::nullopt;
}

}  // namespace cgroup2::identity
