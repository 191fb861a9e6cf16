// SPDX-License-Identifier: Apache-2.0
#include "app/health.h"

#include <chrono>

#include "http/health_check.h"

namespace cgroup2::app {

std::optional<std::string> health_problem(const config::Config& config) {
  // Whoever starts a health check waits longer: Docker 30 s.
  constexpr std::chrono::seconds patience{4};
  return http::health_problem(config.web.listen_addresses.front(), patience);
}

}  // namespace cgroup2::app
