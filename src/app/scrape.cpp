// SPDX-License-Identifier: Apache-2.0
#include "app/scrape.h"

#include "base/label.h"
#include "catalog/collector.h"

namespace cgroup2::app {

Wanted choose_collectors(const http::Scrape& scrape, const cgroup::CollectorSet& enabled) {
  const bool is_collect = !scrape.collect.empty();
  cgroup::CollectorSet named;
  for (const std::string& name : is_collect ? scrape.collect : scrape.exclude) {
    const auto collector = catalog::find_collector(name);
    if (!collector) return {{}, "There is no collector \"" + base::to_label(name) + "\"."};
    const std::size_t at = index(*collector);
    if (!enabled.test(at)) return {{}, "The collector \"" + name + "\" is disabled."};
    named.set(at);
  }
  return {is_collect ? named : enabled & ~named, {}};
}

}  // namespace cgroup2::app
