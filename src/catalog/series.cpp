// SPDX-License-Identifier: Apache-2.0
#include "catalog/series.h"

#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace cgroup2::catalog {
namespace {

/// What a metric has a series for each of, beside the cgroup: "device", "type and node", or
/// nothing; and how many for one of those.
struct Share {
  std::string per;
  int series;
};

bool is_of_root(const Metric& metric) {
  const std::size_t file = file_index(metric.source.file);
  return file < file_count && files[file].is_of_root;
}

Share share_of(const Metric& metric) {
  const Source& source = metric.source;
  Share share{is_of_root(metric) ? "root" : "cgroup", 1};
  for (const std::string_view label : label_names(metric)) {
    if (label.empty()) continue;
    // A word beside its device is one more label of the same series.
    if (source.select == Select::each_text && label == source.member_label) continue;
    if (label == source.label && source.known_values > 0) {
      share.series *= source.known_values;
    } else {
      share.per += " and " + std::string(label);
    }
  }
  return share;
}

}  // namespace

std::string series_text(Collector collector) {
  std::vector<Share> shares;
  for (const Metric& metric : metrics) {
    // Keys that nobody knows yet are not counted: there are none on the newest kernel known.
    if (metric.collector != collector || metric.type == Type::untyped) continue;
    Share share = share_of(metric);
    auto same = shares.begin();
    while (same != shares.end() && same->per != share.per) ++same;
    if (same == shares.end()) {
      shares.push_back(std::move(share));
    } else {
      same->series += share.series;
    }
  }
  std::string text;
  for (const Share& share : shares) {
    text += text.empty() ? "" : ", ";
    text += std::to_string(share.series);
    if (text.find(' ') == std::string::npos) text += " series";
    text += " per " + share.per;
  }
  return text;
}

}  // namespace cgroup2::catalog
