// SPDX-License-Identifier: Apache-2.0
// Family: a metric family as plain data, for the few that are not columns of a snapshot: the
// exporter's own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "catalog/metric.h"

namespace cgroup2::exposition {

struct FamilySample {
  std::string suffix;  ///< after the family's name: "_bucket", "_sum", "_count" or empty
  std::vector<std::pair<std::string, std::string>> labels;
  double value;
};

enum class FamilyType { counter, gauge, histogram, untyped };

struct Family {
  std::string name;  ///< as in the text format: a counter ends in _total
  std::string help;
  FamilyType type;
  std::vector<FamilySample> samples;
};

}  // namespace cgroup2::exposition
