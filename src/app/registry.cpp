// SPDX-License-Identifier: Apache-2.0
#include "app/registry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <string>
#include <utility>
#include <vector>

#include "exposition/number.h"

namespace cgroup2::app {
namespace {

using exposition::Family;
using exposition::FamilyType;

FamilyType to_type(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return FamilyType::counter;
    case prometheus::MetricType::Gauge:
      return FamilyType::gauge;
    case prometheus::MetricType::Histogram:
      return FamilyType::histogram;
    default:
      return FamilyType::untyped;
  }
}

std::string number_text(double value) {
  std::string text;
  exposition::append_number(text, value);
  return text;
}

void append_samples(Family& family, const prometheus::ClientMetric& metric) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto& label : metric.label) labels.emplace_back(label.name, label.value);
  switch (family.type) {
    case FamilyType::counter:
      family.samples.push_back({"", labels, metric.counter.value});
      break;
    case FamilyType::gauge:
      family.samples.push_back({"", labels, metric.gauge.value});
      break;
    case FamilyType::untyped:
      family.samples.push_back({"", labels, metric.untyped.value});
      break;
    case FamilyType::histogram:
      for (const auto& bucket : metric.histogram.bucket) {
        auto with_bound = labels;
        with_bound.emplace_back("le", number_text(bucket.upper_bound));
        family.samples.push_back(
            {"_bucket", with_bound, static_cast<double>(bucket.cumulative_count)});
      }
      family.samples.push_back({"_sum", labels, metric.histogram.sample_sum});
      family.samples.push_back(
          {"_count", labels, static_cast<double>(metric.histogram.sample_count)});
      break;
  }
}

}  // namespace

Family to_family(const prometheus::MetricFamily& from) {
  Family family{from.name, from.help, to_type(from.type), {}};
  for (const auto& metric : from.metric) append_samples(family, metric);
  return family;
}

prometheus::Gauge& add_gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Gauges& add_gauges(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

prometheus::Counter& add_counter(prometheus::Registry& registry, const char* name,
                                 const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

void set_states(Gauges& gauges, std::initializer_list<std::pair<const char*, std::size_t>> states) {
  for (const auto& [state, count] : states)
    gauges.Add({{"state", state}}).Set(static_cast<double>(count));
}

void raise(prometheus::Counter& counter, std::uint64_t to) {
  counter.Increment(static_cast<double>(to) - counter.Value());
}

}  // namespace cgroup2::app
