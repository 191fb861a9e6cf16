// SPDX-License-Identifier: Apache-2.0
// Routes: from a request to a response, without sockets. Which paths there are, which methods they
// take, how formats and encodings are negotiated, and how many scrapes may run at once.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/message.h"
#include "http/query.h"

namespace cgroup2::http {

/// A scrape as the client asked for it.
struct Scrape {
  bool openmetrics = false;          ///< OpenMetrics 1.0.0, else text 0.0.4
  std::vector<std::string> collect;  ///< values of collect[]
  std::vector<std::string> exclude;  ///< values of exclude[]; never together with collect
  bool gzip = false;                 ///< the client takes gzip
  /// How long data may be waited for, where the client says when it gives up.
  std::optional<std::chrono::milliseconds> patience{};
};

/// A page as the client asked for it.
struct PageRequest {
  std::vector<Parameter> parameters;  ///< of the query, decoded, in their order
  bool gzip = false;                  ///< the client takes gzip
};

/// What stands behind the paths. All are set; each may be called from many threads at once.
struct Actions {
  std::function<Response(const Scrape&)> metrics;  ///< body in the asked format, which may say that
                                                   ///< it is in gzip if that is taken; status 400
                                                   ///< for an unknown collector, 503 without data
  std::function<Response(const PageRequest&)> status_page;  ///< at "/"; 400 for a wrong parameter
  std::function<Response(const PageRequest&)>
      cgroup_page;                   ///< at "/cgroup"; 404 for an unknown one
  std::function<bool()> is_ready;    ///< whether a scrape would get data
  std::function<Response()> reload;  ///< for POST /-/reload: 200, or 500 with what is wrong
};

struct RoutesOptions {
  std::string telemetry_path = "/metrics";
  /// Scrapes at once, until their answers are sent; more get 503; 0 is no limit.
  unsigned max_requests = 40;
  bool enable_lifecycle = false;  ///< allow POST /-/reload, else 403
};

/// The whole HTTP surface. Called from many threads at once.
class Routes {
 public:
  Routes(RoutesOptions options, Actions actions);

  [[nodiscard]] Response answer(const Request& request);

 private:
  [[nodiscard]] Response metrics(const Request& request);
  [[nodiscard]] Response page(const std::function<Response(const PageRequest&)>& action,
                              const Request& request) const;
  [[nodiscard]] Response ready() const;
  [[nodiscard]] Response reload() const;

  RoutesOptions options_;
  Actions actions_;
  const std::shared_ptr<std::atomic<unsigned>> scrapes_in_flight_;  // responses share it
};

}  // namespace cgroup2::http
