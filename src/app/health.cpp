// SPDX-License-Identifier: Apache-2.0
#include "app/health.h"

#include <chrono>

#include "http/health_check.h"

namespace cgroup2::app {

std::optional<std::string> health_problem(const config::Config& config) {
  // Ends before container runtimes give up: Docker waits for 30 s.
  constexpr std::chrono::seconds timeout{4};
  const auto& web = config.web;
  return http::health_problem(web.health_listen_address.value_or(web.listen_addresses.front()),
                              timeout);
}

}  // namespace cgroup2::app
