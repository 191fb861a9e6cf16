// SPDX-License-Identifier: Apache-2.0
#include "http/middleware.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace cgroup2::http {

Handler answer_head(Handler handler) {
  return [handler = std::move(handler)](const Request& request) {
    if (request.method != "HEAD") return handler(request);
    Request get = request;
    get.method = "GET";
    return handler(get);
  };
}

Handler allow_methods(std::vector<std::string> methods, Handler handler) {
  std::string allowed;
  for (const auto& method : methods) {
    if (!allowed.empty()) allowed += ", ";
    allowed += method == "GET" ? "GET, HEAD" : method;
  }
  return [methods = std::move(methods), allowed = std::move(allowed),
          handler = std::move(handler)](const Request& request) {
    if (std::ranges::find(methods, request.method) != methods.end()) return handler(request);
    auto response = plain_text(405, "Method Not Allowed\n");
    response.headers.add("Allow", allowed);
    return response;
  };
}

Handler refuse_other_origins(Handler handler) {
  return [handler = std::move(handler)](const Request& request) {
    const auto origin = request.headers.get("Origin");
    const auto site = request.headers.get("Sec-Fetch-Site");
    const auto scheme = origin.find("://");
    const bool is_other_host =
        !origin.empty() && (scheme == std::string_view::npos ||
                            origin.substr(scheme + 3) != request.headers.get("Host"));
    const bool is_other_site = site == "cross-site" || site == "same-site";
    if (is_other_host || is_other_site) return plain_text(403, "request from another origin\n");
    return handler(request);
  };
}

Handler limit_rate(std::chrono::seconds interval, Handler handler) {
  using Clock = std::chrono::steady_clock;
  struct Last {
    std::mutex mutex;
    std::optional<Clock::time_point> time;
  };
  return [interval, last = std::make_shared<Last>(),
          handler = std::move(handler)](const Request& request) {
    {
      const std::lock_guard lock(last->mutex);
      const auto now = Clock::now();
      if (last->time && now - *last->time < interval) {
        auto response = plain_text(429, "too many requests\n");
        response.headers.add("Retry-After", std::to_string(interval.count()));
        return response;
      }
      last->time = now;
    }
    return handler(request);
  };
}

Handler limit_in_flight(RequestBounds bounds, Handler handler) {
  if (bounds.max_requests == 0 && bounds.max_per_client == 0) return handler;
  return [table = std::make_shared<InFlight>(bounds),
          handler = std::move(handler)](const Request& request) {
    auto in_flight = table->begin(request);
    if (!in_flight) {
      auto response = plain_text(503, "too many requests in flight\n");
      response.headers.add("Retry-After", "1");
      return response;
    }
    auto response = handler(request);
    response.held.push_back(std::move(in_flight));
    return response;
  };
}

}  // namespace cgroup2::http
