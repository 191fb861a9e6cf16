// SPDX-License-Identifier: Apache-2.0
#include "app/filter.h"

#include "config/pattern.h"

namespace cgroup2::app {

cgroup::Filter make_filter(const config::Config::CgroupChoice& settings) {
  auto is_included = config::make_matcher(settings.include);
  if (settings.exclude.empty()) return is_included;
  return [is_included, is_excluded = config::make_matcher(settings.exclude)](
             std::string_view path) { return is_included(path) && !is_excluded(path); };
}

}  // namespace cgroup2::app
