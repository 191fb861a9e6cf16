// SPDX-License-Identifier: Apache-2.0
#include "status/samples.h"

#include <string_view>

#include "catalog/catalog.h"
#include "exposition/number.h"

namespace cgroup2::status {
namespace {

void add_sample(Html& html, const catalog::Metric& metric, const snapshot::Snapshot& snapshot,
                const cgroup::Sample& sample) {
  html.add("<tr><th scope=row><code title=\"").text(metric.help).add("\">").text(metric.name);
  const auto names = catalog::label_names(metric);
  bool has_label = false;
  for (std::size_t i = 0; i < names.size() && sample.labels[i] != cgroup::no_label; ++i) {
    html.add(has_label ? Markup(",") : Markup("{")).text(names[i]).add("=&quot;");
    html.text((*snapshot.labels)[sample.labels[i]]).add("&quot;");
    has_label = true;
  }
  if (has_label) html.add("}");
  char number[exposition::max_number_length];
  const char* end = exposition::write_value(number, sample.bits, metric.unit);
  html.add("</code><td>").text({number, end}).add("\n");
}

}  // namespace

void add_samples(Html& html, const snapshot::Snapshot& snapshot, cgroup::CgroupIndex cgroup) {
  html.add("<section aria-labelledby=values><h2 id=values>All values</h2>\n");
  html.add(
      "<p class=quiet>All that was read: base units, exact. The page for Prometheus has what the "
      "configuration chooses of them.</p>\n");
  for (std::size_t c = 0; c < catalog::collector_count; ++c) {
    std::size_t found = 0;
    for (std::size_t m = 0; m < catalog::metric_count; ++m) {
      const catalog::Metric& metric = catalog::metrics[m];
      if (!metric.collector || index(*metric.collector) != c) continue;
      for (const cgroup::Sample& sample : snapshot.samples.columns[m]) {
        if (sample.cgroup != cgroup) continue;
        if (found++ == 0) {
          html.add("<details><summary><b>").text(catalog::collectors[c].name).add("</b> <small>");
          html.text(catalog::collectors[c].help);
          html.add("</small></summary>\n<div class=scroll><table class=wrap><tbody>\n");
        }
        add_sample(html, metric, snapshot, sample);
      }
    }
    if (found > 0) html.add("</tbody></table></div></details>\n");
  }
  html.add("</section>\n");
}

}  // namespace cgroup2::status
