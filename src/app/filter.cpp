// SPDX-License-Identifier: Apache-2.0
#include "app/filter.h"

#include "config/pattern.h"

namespace cgroup2::app {

std::function<bool(std::string_view)> make_filter(const std::string& include,
                                                  const std::string& exclude) {
  auto is_included = config::make_matcher(include);
  if (exclude.empty()) return is_included;
  return [is_included, is_excluded = config::make_matcher(exclude)](std::string_view name) {
    return is_included(name) && !is_excluded(name);
  };
}

}  // namespace cgroup2::app
