// SPDX-License-Identifier: Apache-2.0
#include "identity/leaf.h"

#include <algorithm>
#include <cstddef>

#include "identity/components.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t id_digits = 64;

struct Owner {
  std::string_view word;
  Kind kind;
  std::string_view runtime;
};

// What a runtime puts in front of the id. The monitors are beside their container and must not be
// taken for it.
constexpr Owner prefixes[] = {
    {"cri-containerd", Kind::container, "cri-containerd"},
    {"containerd", Kind::container, "containerd"},
    {"crio", Kind::container, "crio"},
    {"crio-conmon", Kind::conmon, "crio"},
    {"docker", Kind::container, "docker"},
    {"libpod", Kind::container, "libpod"},
    {"libpod-conmon", Kind::conmon, "libpod"},
    {"libpod-payload", Kind::container, "libpod"},  // --cgroups=split, as in Quadlet's services
    {"nerdctl", Kind::container, "nerdctl"},
    {"runtime-rs", Kind::kata_overhead, ""},  // Kata's Rust runtime with systemd's cgroups
};

// What the component above says of an id that stands alone.
constexpr Owner parents[] = {
    {"docker", Kind::container, "docker"},
    {"kata_sandboxed_pod", Kind::kata_sandbox, ""},  // Kata's Rust runtime without a pod's path
};

}  // namespace

//   cri-containerd-<id>.scope   crio-<id>   <id>   kata_<id>
//   kubepods-pod<uid>.slice:cri-containerd:<id>
// The form with colons is the argument of systemd's cgroup driver, taken literally by a runtime
// that was set to cgroupfs.
std::optional<Leaf> match_leaf(std::string_view name, std::string_view parent) {
  constexpr std::string_view scope = ".scope";
  const bool is_scope = name.ends_with(scope);
  if (is_scope) name.remove_suffix(scope.size());
  if (name.size() < id_digits) return std::nullopt;
  const auto id = name.substr(name.size() - id_digits);
  if (!is_hex(id, id_digits)) return std::nullopt;

  name.remove_suffix(id_digits);
  if (name.empty()) {
    const auto known = std::ranges::find(parents, parent, &Owner::word);
    if (known == std::end(parents)) return Leaf{Kind::container, "unknown", id};
    return Leaf{known->kind, known->runtime, id};
  }
  if (name == "kata_" && !is_scope) return Leaf{Kind::kata_sandbox, "", id};

  const char separator = name.back();
  if (separator != '-' && separator != ':') return std::nullopt;
  name.remove_suffix(1);
  if (separator == ':') {
    const auto colon = name.rfind(':');
    if (colon == std::string_view::npos || is_scope) return std::nullopt;
    name.remove_prefix(colon + 1);
  }
  for (const auto& prefix : prefixes) {
    if (name != prefix.word) continue;
    // CRI-O without pause containers still makes an empty cgroup for each, and not as a unit
    // although it is in a slice.
    const bool is_placeholder =
        name == "crio" && separator == '-' && !is_scope && parent.ends_with(".slice");
    return Leaf{is_placeholder ? Kind::crio_sandbox_placeholder : prefix.kind, prefix.runtime, id};
  }
  return std::nullopt;
}

}  // namespace cgroup2::identity
