// SPDX-License-Identifier: Apache-2.0
// Computes the values that no file holds, from several files of a cgroup and, for limits, of its
// ancestors. Pure.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "catalog/metric.h"

namespace cgroup2::cgroup {

/// Holds what was read of one cgroup for the derivations. An input is present, failed (its file is
/// there but could not be read or parsed), or neither: the kernel does not offer it, or it is
/// unlimited.
class Inputs {
 public:
  void set(catalog::Input input, std::uint64_t value) {
    values_[index(input)] = value;
    present_.set(index(input));
  }
  void fail(catalog::Input input) { failed_.set(index(input)); }

  [[nodiscard]] std::optional<std::uint64_t> get(catalog::Input input) const {
    if (!present_.test(index(input))) return std::nullopt;
    return values_[index(input)];
  }
  [[nodiscard]] bool is_present(catalog::Input input) const { return present_.test(index(input)); }
  [[nodiscard]] bool is_failed(catalog::Input input) const { return failed_.test(index(input)); }

 private:
  static constexpr std::size_t index(catalog::Input input) {
    return static_cast<std::size_t>(input);
  }

  std::array<std::uint64_t, catalog::input_count> values_{};
  std::bitset<catalog::input_count> present_;
  std::bitset<catalog::input_count> failed_;
};

/// Holds what a cgroup passes on to its children. A limit is unknown if a file on the path could
/// not be read: a limit that nobody could read must not make a larger one look effective.
struct Limits {
  /// Bytes; nothing if unknown.
  std::optional<std::uint64_t> effective_limit;
  /// Bytes; nothing without a limit on the path or if unknown.
  std::optional<std::uint64_t> headroom;
  bool is_headroom_known = true;
  /// Quota divided by period; nothing without a quota on the path.
  std::optional<double> quota;
  /// How many CPUs the cgroup may use; nothing if the kernel does not say.
  std::optional<std::uint64_t> cpus;
  bool is_cpu_known = true;
};

/// Returns the limits at the top. `ram` is the host's memory in bytes, nothing if it could not be
/// read; `cpus` the number of its CPUs, in the same way. `has_cpu` says whether the hierarchy
/// limits CPU time: where cgroup v1 does, the limits are not known here.
[[nodiscard]] Limits limits_of_host(std::optional<std::uint64_t> ram,
                                    std::optional<std::uint64_t> cpus, bool has_cpu);

/// Returns the limits of a cgroup below `parent`.
[[nodiscard]] Limits limits_below(const Limits& parent, const Inputs& inputs);

/// Returns the value of one derivation for a cgroup, or nothing.
[[nodiscard]] std::optional<std::uint64_t> derive(catalog::Derivation which, const Inputs& inputs,
                                                  const Limits& limits);

}  // namespace cgroup2::cgroup
