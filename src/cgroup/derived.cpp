// SPDX-License-Identifier: Apache-2.0
#include "cgroup/derived.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/difference.h"

namespace cgroup2::cgroup {
namespace {

using base::difference_or_zero;
using catalog::Input;

std::optional<std::uint64_t> smaller(std::optional<std::uint64_t> a,
                                     std::optional<std::uint64_t> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

// The files are read one after the other and memory.stat lags behind memory.current, so differences
// may fall below 0.
std::optional<std::uint64_t> current_without(const Inputs& inputs,
                                             std::initializer_list<Input> reclaimable) {
  auto rest = inputs.get(Input::memory_current);
  for (const Input input : reclaimable) {
    const auto value = inputs.get(input);
    if (!rest || !value) return std::nullopt;
    rest = difference_or_zero(*rest, *value);
  }
  return rest;
}

void limit_memory(Limits& limits, const Inputs& inputs) {
  if (inputs.is_failed(Input::memory_max)) {
    limits.effective_limit.reset();
    limits.headroom.reset();
    limits.is_headroom_known = false;
    return;
  }
  const auto limit = inputs.get(Input::memory_max);
  if (!limit) return;
  if (limits.effective_limit) limits.effective_limit = std::min(*limits.effective_limit, *limit);
  const auto current = inputs.get(Input::memory_current);
  if (!current) limits.is_headroom_known = false;
  limits.headroom = limits.is_headroom_known
                        ? smaller(limits.headroom, difference_or_zero(*limit, *current))
                        : std::nullopt;
}

void limit_cpu(Limits& limits, const Inputs& inputs) {
  if (inputs.is_failed(Input::cpu_max) || inputs.is_failed(Input::cpus_asked) ||
      inputs.is_failed(Input::cpus_effective)) {
    limits.is_cpu_known = false;
  }
  if (const auto bits = inputs.get(Input::cpu_max)) {
    const double quota = std::bit_cast<double>(*bits);
    limits.quota = std::min(quota, limits.quota.value_or(quota));
  }
  // An empty list is that of a cgroup without a CPU of its own, which uses its parent's.
  const auto cpus = inputs.get(Input::cpus_effective);
  if (cpus && *cpus > 0) limits.cpus = cpus;
}

std::optional<std::uint64_t> effective_cpus(const Limits& limits) {
  if (!limits.is_cpu_known || (!limits.quota && !limits.cpus)) return std::nullopt;
  double cores = limits.quota.value_or(std::numeric_limits<double>::infinity());
  if (limits.cpus) cores = std::min(cores, static_cast<double>(*limits.cpus));
  return std::bit_cast<std::uint64_t>(cores);
}

}  // namespace

Limits limits_of_host(std::optional<std::uint64_t> ram, std::optional<std::uint64_t> cpus,
                      bool has_cpu) {
  return {
      .effective_limit = ram, .headroom = {}, .quota = {}, .cpus = cpus, .is_cpu_known = has_cpu};
}

Limits limits_below(const Limits& parent, const Inputs& inputs) {
  Limits limits = parent;
  limit_memory(limits, inputs);
  limit_cpu(limits, inputs);
  return limits;
}

std::optional<std::uint64_t> derive(catalog::Derivation which, const Inputs& inputs,
                                    const Limits& limits) {
  switch (which) {
    case catalog::Derivation::effective_memory_limit:
      return inputs.is_present(Input::memory_current) ? limits.effective_limit : std::nullopt;
    case catalog::Derivation::headroom:
      return inputs.is_present(Input::memory_current) ? limits.headroom : std::nullopt;
    case catalog::Derivation::unreclaimable:
      return current_without(inputs,
                             {Input::active_file, Input::inactive_file, Input::slab_reclaimable});
    case catalog::Derivation::working_set:
      return current_without(inputs, {Input::inactive_file});
    case catalog::Derivation::effective_cpu_limit:
      return effective_cpus(limits);
  }
  return std::nullopt;
}

}  // namespace cgroup2::cgroup
