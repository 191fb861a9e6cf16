// SPDX-License-Identifier: Apache-2.0
#include "app/health.h"

#include <signal.h>

#include <chrono>
#include <vector>

#include "config/web_file.h"
#include "http/health_check.h"

namespace cgroup2::app {
namespace {

using http::HealthScheme;

// Both where there is a file, what it says first: the exporter that runs keeps what it had where
// the file is wrong, and TLS as it was.
std::vector<HealthScheme> schemes_of(const std::string& web_config_file) {
  if (web_config_file.empty()) return {HealthScheme::http};
  const auto file = config::read_web_file(web_config_file);
  if (file.config.tls || !file.problems.empty()) return {HealthScheme::https, HealthScheme::http};
  return {HealthScheme::http, HealthScheme::https};
}

}  // namespace

std::optional<std::string> health_problem(const config::Config& config) {
  // Ends before container runtimes give up: Docker waits for 30 s.
  constexpr std::chrono::seconds timeout{4};
  const auto& web = config.web;
  if (web.health_listen_address) return http::health_problem(*web.health_listen_address, timeout);
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to a socket without MSG_NOSIGNAL
  std::optional<std::string> first_problem;
  for (const auto scheme : schemes_of(web.config_file)) {
    const auto problem = http::health_problem(web.listen_addresses.front(), timeout, scheme);
    if (!problem) return std::nullopt;
    if (!first_problem) first_problem = problem;
  }
  return first_problem;
}

}  // namespace cgroup2::app
