// SPDX-License-Identifier: Apache-2.0
#include "http/civetweb_settings.h"

#include <algorithm>

namespace cgroup2::http {

std::vector<std::pair<const char*, std::string>> civetweb_settings(
    const ServerOptions& options, const std::vector<std::string>& addresses) {
  // Beside a thread for each connection: a connection that gave way keeps its thread for a moment.
  constexpr unsigned threads_beside = 8;
  std::string ports;
  for (const auto& address : addresses) {
    ports += (ports.empty() ? "" : ",") + address;
    if (options.tls != nullptr) ports += 's';
  }
  return {
      {"listening_ports", ports},
      {"num_threads", std::to_string(std::max(options.max_connections, 1U) + threads_beside)},
      {"connection_queue", "1"},  // accept only what a thread will soon take
      {"max_request_size", "16384"},
      {"request_timeout_ms", std::to_string(options.request_timeout.count())},
      {"enable_keep_alive", "yes"},
      {"keep_alive_timeout_ms", std::to_string(options.idle_timeout.count())},
      {"tcp_nodelay", "1"},
      {"decode_url", "no"},                // CivetWeb would end the path at "%00"
      {"enable_auth_domain_check", "no"},  // it would refuse "GET http://host/metrics"
  };
}

ConnectionBounds connection_bounds(const ServerOptions& options) {
  return {.max_count = std::max(options.max_connections, 1U),
          .max_per_client = std::max(options.max_connections_per_client, 1U),
          .first_byte = options.first_byte_timeout,
          .answer = 3 * options.request_timeout,
          .progress = options.request_timeout};
}

}  // namespace cgroup2::http
