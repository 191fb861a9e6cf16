// SPDX-License-Identifier: Apache-2.0
#include "cgroup/destination.h"

#include <algorithm>
#include <cassert>

namespace cgroup2::cgroup {
namespace {

using catalog::Repeated;

// Compares fractions by their bits, which is right for what is not negative.
std::uint64_t merged(std::uint64_t a, std::uint64_t b, Repeated how) {
  return how == Repeated::sum ? a + b : how == Repeated::smallest ? std::min(a, b) : std::max(a, b);
}

}  // namespace

void push(const FileValue& value, const Destination& to) {
  if (value.target >= catalog::metric_count) {
    to.inputs->set(static_cast<catalog::Input>(value.target - catalog::metric_count), value.bits);
  } else if (to.columns != nullptr) {
    to.columns->columns[value.target].push_back({to.cgroup, value.labels, value.bits});
  }
}

void merge(const FileValue& value, Repeated how, const Destination& to) {
  assert(value.target < catalog::metric_count && to.values == nullptr);
  if (to.columns == nullptr) return;
  auto& column = to.columns->columns[value.target];
  for (auto sample = column.rbegin(); sample != column.rend(); ++sample) {
    if (sample->cgroup != to.cgroup) break;
    if (sample->labels != value.labels) continue;
    sample->bits = merged(sample->bits, value.bits, how);
    return;
  }
  push(value, to);
}

}  // namespace cgroup2::cgroup
