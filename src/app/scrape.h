// SPDX-License-Identifier: Apache-2.0
// Scrape: what a scrape asks for, from its request. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cgroup/selection.h"
#include "exposition/cadvisor_labels.h"
#include "exposition/format.h"
#include "http/message.h"

namespace cgroup2::app {

struct Scrape {
  exposition::Format format = exposition::Format::text;
  bool takes_gzip = false;
  std::vector<std::string> collect;  ///< values of collect[]
  std::vector<std::string> exclude;  ///< values of exclude[]; never together with collect
  std::string profile = "kubelet";   ///< value of profile
  /// The profile of cAdvisor's names; nothing: the native names.
  std::optional<exposition::CadvisorProfile> cadvisor;
  /// How long the client can wait for data, if it says when it gives up.
  std::optional<std::chrono::milliseconds> max_wait;
};

/// Either the scrape or what is wrong with the request.
struct ParsedScrape {
  Scrape scrape;
  std::string problem;  ///< one line for the client, without its own text; empty if right
};

/// Reads the query, Accept, Accept-Encoding and X-Prometheus-Scrape-Timeout-Seconds. What the
/// headers do not say properly is ignored.
[[nodiscard]] ParsedScrape parse_scrape(const http::Request& request);

/// Reads the same for cAdvisor's names, always in text, of which an unknown profile is a problem.
[[nodiscard]] ParsedScrape parse_cadvisor_scrape(const http::Request& request);

/// Either the collectors or what is wrong with the scrape.
struct ChosenCollectors {
  cgroup::CollectorSet collectors;
  std::string problem;  ///< one line for the client; empty if right
};

/// Narrows the enabled collectors to those that collect[] names, or takes away those that exclude[]
/// names. An unknown or disabled name is a problem.
[[nodiscard]] ChosenCollectors choose_collectors(const Scrape& scrape,
                                                 const cgroup::CollectorSet& enabled);

}  // namespace cgroup2::app
