// SPDX-License-Identifier: Apache-2.0
#include "app/routes.h"

#include <algorithm>
#include <chrono>

#include "http/middleware.h"

namespace cgroup2::app {
namespace {

using namespace std::chrono_literals;

http::Response answer_healthy(const http::Request&) {
  return http::plain_text(200, "cgroup2_exporter is Healthy.\n");
}

http::Response answer_ready(const snapshot::Poller& poller) {
  if (!poller.is_ready()) return http::plain_text(503, "Service Unavailable\n");
  return http::plain_text(200, "cgroup2_exporter is Ready.\n");
}

http::Response answer_reload(const RouteContext& context) {
  if (!context.config.web.enable_lifecycle)
    return http::plain_text(403, "Lifecycle API is not enabled.\n");
  const auto problems = context.reload();
  if (problems.empty()) return http::plain_text(200, "configuration reloaded\n");
  std::string text = "configuration not reloaded, the old one stays in use:\n";
  for (const auto& problem : problems) text += problem + "\n";
  return http::plain_text(500, std::move(text));
}

}  // namespace

unsigned max_scrapes(const config::Config::Web& web) {
  return web.max_requests == 0 ? config::Config::Web().max_requests : web.max_requests;
}

std::vector<http::Route> make_routes(const RouteContext& context) {
  using http::Request;
  const auto& web = context.config.web;
  // Half of the scrapes are for other clients, and a quarter of a client's connections is for
  // health checks and pages.
  const http::RequestBounds scrapes{
      max_scrapes(web),
      std::max(1U, std::min(max_scrapes(web) / 2, web.max_connections_per_address * 3 / 4))};
  // One bound for both paths: a scrape of one costs what a scrape of the other does.
  const auto metrics = http::limit_in_flight(scrapes, [context](const Request& asked) {
    return asked.path == context.config.web.telemetry_path ? context.metrics.answer(asked)
                                                           : context.metrics.answer_cadvisor(asked);
  });
  constexpr http::RequestBounds pages{2, 1};
  const auto page = http::limit_in_flight(pages, [context](const Request& asked) {
    return asked.path == "/" ? context.pages.answer_status(asked)
                             : context.pages.answer_cgroup(asked);
  });
  // The first route of a path is taken.
  return {
      {web.telemetry_path, {"GET"}, metrics},
      {"/metrics/cadvisor", {"GET"}, metrics},
      {"/", {"GET"}, page},
      {"/cgroup", {"GET"}, page},
      {"/-/healthy", {"GET"}, answer_healthy},
      {"/-/ready", {"GET"}, [context](const Request&) { return answer_ready(context.poller); }},
      {"/-/reload",
       {"POST", "PUT"},
       http::refuse_other_origins(
           http::limit_rate(1s, [context](const Request&) { return answer_reload(context); }))},
  };
}

std::vector<http::Route> make_health_routes(const snapshot::Poller& poller) {
  return {
      {"/-/healthy", {"GET"}, answer_healthy},
      {"/-/ready", {"GET"}, [&poller](const http::Request&) { return answer_ready(poller); }},
  };
}

}  // namespace cgroup2::app
