// SPDX-License-Identifier: Apache-2.0
#include "bench/oracle.h"

#include <charconv>
#include <string>
#include <utility>

#include "base/text.h"

namespace cgroup2::bench {
namespace {

constexpr std::string_view help_line = "# HELP ";
constexpr std::string_view type_line = "# TYPE ";

std::pair<std::string_view, std::string_view> cut(std::string_view text, std::string_view at) {
  const auto begin = text.find(at);
  if (begin == std::string_view::npos) return {text, {}};
  return {text.substr(0, begin), text.substr(begin + at.size())};
}

prometheus::MetricType type_of(std::string_view word) {
  if (word == "counter") return prometheus::MetricType::Counter;
  return word == "gauge" ? prometheus::MetricType::Gauge : prometheus::MetricType::Untyped;
}

// Takes `name="value"` and the comma or brace behind it.
prometheus::ClientMetric::Label take_label(std::string_view& text) {
  prometheus::ClientMetric::Label label;
  const auto [name, rest] = cut(text, "=\"");
  label.name = name;
  std::size_t i = 0;
  for (; rest[i] != '"'; ++i) {
    if (rest[i] == '\\') ++i;
    label.value += rest[i];
  }
  text = rest.substr(i + 1);
  return label;
}

prometheus::ClientMetric to_sample(std::string_view line) {
  prometheus::ClientMetric sample;
  auto rest = line.substr(line.find_first_of("{ "));
  while (rest.front() != '}' && rest.front() != ' ') {
    rest.remove_prefix(1);
    sample.label.push_back(take_label(rest));
  }
  const auto number = rest.substr(rest.find(' ') + 1);
  double value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  sample.counter.value = sample.gauge.value = sample.untyped.value = value;
  return sample;
}

}  // namespace

std::vector<prometheus::MetricFamily> to_oracle(std::string_view body) {
  std::vector<prometheus::MetricFamily> families;
  while (const auto line = base::next_line(body)) {
    if (line->starts_with(help_line)) {
      const auto [name, help] = cut(line->substr(help_line.size()), " ");
      families.emplace_back();
      families.back().name = name;
      families.back().help = help;
    } else if (line->starts_with(type_line)) {
      families.back().type = type_of(cut(line->substr(type_line.size()), " ").second);
    } else {
      families.back().metric.push_back(to_sample(*line));
    }
  }
  return families;
}

}  // namespace cgroup2::bench
