// SPDX-License-Identifier: Apache-2.0
#include "config/problem_list.h"

#include <utility>

namespace cgroup2::config {

void ProblemList::report(std::string_view place, std::string_view text) {
  constexpr std::size_t most = 100;
  if (lines_.size() < most) {
    lines_.push_back(std::string(place) + ": " + std::string(text));
  } else {
    ++unreported_;
  }
}

std::vector<std::string> ProblemList::take() {
  if (unreported_ > 0) lines_.push_back("and " + std::to_string(unreported_) + " more problems");
  unreported_ = 0;
  return std::exchange(lines_, {});
}

}  // namespace cgroup2::config
