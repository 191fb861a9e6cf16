// SPDX-License-Identifier: Apache-2.0
#include "cgroup/derived.h"

#include <algorithm>

namespace cgroup2::cgroup {
namespace {

using catalog::Input;

std::uint64_t difference_or_zero(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

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

}  // namespace

Limits limits_of_host(std::optional<std::uint64_t> ram) {
  return {.effective_limit = ram, .headroom = {}};
}

Limits limits_below(const Limits& parent, const Inputs& inputs) {
  Limits limits = parent;
  if (inputs.is_failed(Input::memory_max))
    return {.effective_limit = {}, .headroom = {}, .is_headroom_known = false};
  const auto limit = inputs.get(Input::memory_max);
  if (!limit) return limits;

  if (parent.effective_limit) limits.effective_limit = std::min(*parent.effective_limit, *limit);
  const auto current = inputs.get(Input::memory_current);
  if (!current) limits.is_headroom_known = false;
  limits.headroom = limits.is_headroom_known
                        ? smaller(parent.headroom, difference_or_zero(*limit, *current))
                        : std::nullopt;
  return limits;
}

std::optional<std::uint64_t> derive(catalog::Derivation which, const Inputs& inputs,
                                    const Limits& limits) {
  switch (which) {
    case catalog::Derivation::effective_limit:
      return inputs.is_present(Input::memory_current) ? limits.effective_limit : std::nullopt;
    case catalog::Derivation::headroom:
      return inputs.is_present(Input::memory_current) ? limits.headroom : std::nullopt;
    case catalog::Derivation::unreclaimable:
      return current_without(inputs,
                             {Input::active_file, Input::inactive_file, Input::slab_reclaimable});
    case catalog::Derivation::working_set:
      return current_without(inputs, {Input::inactive_file});
  }
  return std::nullopt;
}

}  // namespace cgroup2::cgroup
