// SPDX-License-Identifier: Apache-2.0
#include "catalog/series.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace cgroup2::catalog {
namespace {

/// Says what a metric has series for each of, for example "cgroup and device", and how many for one
/// of those.
struct Share {
  std::string per;
  std::size_t series;
};

bool is_of_root(const Metric& metric) {
  const std::size_t file = file_index(metric.source.file);
  return file < file_count && files[file].is_of_root;
}

// The ledger has a few series more that are not of an owner.
Share share_of_ledger(const ValueSource& source) {
  switch (source.ledger) {
    case LedgerValue::kills:
      return {"owner", 1};
    case LedgerValue::starts:
      return {"container", 1};
    case LedgerValue::unattributed:
    case LedgerValue::forgotten:
    case LedgerValue::constraints:
      return {"", 0};
    default:
      return {"owner that was killed", std::max<std::size_t>(1, source.known_values)};
  }
}

// The kernel counts some sockets for all network namespaces together.
std::string_view share_of_network(NetworkValue value) {
  switch (value) {
    case NetworkValue::orphans:
    case NetworkValue::tcp_allocated:
    case NetworkValue::memory:
      return "root";
    default:
      return "network namespace";
  }
}

std::string_view bearer_of(const Metric& metric) {
  if (metric.source.select == Select::network) return share_of_network(metric.source.network);
  return is_of_root(metric) ? "root" : "cgroup";
}

Share share_of(const Metric& metric) {
  const ValueSource& source = metric.source;
  if (source.select == Select::ledger) return share_of_ledger(source);
  Share share{std::string(bearer_of(metric)), 1};
  for (const std::string_view label : label_names(metric)) {
    if (label.empty()) continue;
    // A word beside its device is one more label of the same series; of bursts both are counted.
    const bool is_counted =
        source.select == Select::each_text || source.select == Select::pressure_bursts;
    if (is_counted && label == source.member_label) continue;
    if (label == source.label && source.known_values > 0) {
      share.series *= source.known_values;
    } else {
      share.per += " and " + std::string(label);
    }
  }
  return share;
}

}  // namespace

std::string series_text(Collector collector) { return series_text(collector, metrics); }

std::string series_text(Collector collector, std::span<const Metric> rows) {
  std::vector<Share> shares;
  for (const Metric& metric : rows) {
    // Keys that nobody knows yet are not counted: there are none on the newest kernel known.
    if (metric.collector != collector || metric.type == MetricType::untyped) continue;
    Share share = share_of(metric);
    if (share.series == 0) continue;
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
