// SPDX-License-Identifier: Apache-2.0
// The table of all paths that the exporter serves.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/metrics_endpoint.h"
#include "app/pages.h"
#include "config/config.h"
#include "http/router.h"
#include "snapshot/poller.h"

namespace cgroup2::app {

/// The parts of the exporter that handlers use. They outlive the routes.
struct RouteContext {
  const config::Config& config;  ///< as of the start
  MetricsEndpoint& metrics;
  const Pages& pages;
  snapshot::Poller& poller;
  /// Loads the configuration anew. Returns its problems, for which the old one stays.
  std::function<std::vector<std::string>()> reload;
};

/// Returns how many scrapes may be in flight.
[[nodiscard]] unsigned max_scrapes(const config::Config::Web& web);

/// Makes the table for http::make_router(). A telemetry path that is also one of the others wins.
[[nodiscard]] std::vector<http::Route> make_routes(const RouteContext& context);

/// Makes the table of the server for probes. `poller` outlives it.
[[nodiscard]] std::vector<http::Route> make_health_routes(const snapshot::Poller& poller);

}  // namespace cgroup2::app
