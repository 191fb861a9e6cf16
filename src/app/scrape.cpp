// SPDX-License-Identifier: Apache-2.0
#include "app/scrape.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/label.h"
#include "catalog/collector.h"
#include "http/negotiation.h"
#include "http/query.h"

namespace cgroup2::app {
namespace {

// Prometheus gives up after this many seconds, which may be a fraction, and drops what it has. The
// last quarter is kept for making and sending the text.
std::optional<std::chrono::milliseconds> parse_timeout(std::string_view seconds) {
  constexpr double max_seconds = 3600;
  double value = 0;
  const auto* const end = seconds.data() + seconds.size();
  const auto [stop, error] = std::from_chars(seconds.data(), end, value);
  if (error != std::errc{} || stop != end || !(value >= 0)) return std::nullopt;
  const std::chrono::duration<double> max_wait(std::min(value, max_seconds) * 3 / 4);
  return std::chrono::duration_cast<std::chrono::milliseconds>(max_wait);
}

}  // namespace

ParsedScrape parse_scrape(const http::Request& request) {
  auto parameters = http::parse_query(request.query);
  if (!parameters) return {{}, "invalid query: too long or badly encoded"};
  Scrape scrape;
  for (auto& [name, value] : *parameters) {
    if (name == "collect[]")
      scrape.collect.push_back(std::move(value));
    else if (name == "exclude[]")
      scrape.exclude.push_back(std::move(value));
    else if (name == "profile")
      scrape.profile = std::move(value);
  }
  if (!scrape.collect.empty() && !scrape.exclude.empty()) {
    return {{}, "collect[] and exclude[] cannot be combined"};
  }
  if (http::prefers_openmetrics(request.headers.get("Accept")))
    scrape.format = exposition::Format::openmetrics;
  scrape.takes_gzip = http::accepts_gzip(request.headers.get("Accept-Encoding"));
  scrape.max_wait = parse_timeout(request.headers.get("X-Prometheus-Scrape-Timeout-Seconds"));
  return {std::move(scrape), {}};
}

ParsedScrape parse_cadvisor_scrape(const http::Request& request) {
  auto parsed = parse_scrape(request);
  if (!parsed.problem.empty()) return parsed;
  parsed.scrape.format = exposition::Format::text;
  parsed.scrape.cadvisor = exposition::find_cadvisor_profile(parsed.scrape.profile);
  if (!parsed.scrape.cadvisor)
    return {{}, "unknown profile: there are \"kubelet\" and \"standalone\""};
  return parsed;
}

ChosenCollectors choose_collectors(const Scrape& scrape, const cgroup::CollectorSet& enabled) {
  const bool is_collect = !scrape.collect.empty();
  cgroup::CollectorSet named;
  for (const std::string& name : is_collect ? scrape.collect : scrape.exclude) {
    const auto collector = catalog::find_collector(name);
    if (!collector) return {{}, "unknown collector \"" + base::to_label(name) + "\""};
    const std::size_t at = index(*collector);
    if (!enabled.test(at)) return {{}, "collector \"" + name + "\" is disabled"};
    named.set(at);
  }
  return {is_collect ? named : enabled & ~named, {}};
}

}  // namespace cgroup2::app
