// SPDX-License-Identifier: Apache-2.0
#include "http/middleware.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace cgroup2::http {
namespace {

/// Counts itself while it lives. Responses may outlive the handler, so the counter is shared.
class InFlight {
 public:
  explicit InFlight(std::shared_ptr<std::atomic<unsigned>> count)
      : count_(std::move(count)), total_(++*count_) {}
  ~InFlight() { --*count_; }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  [[nodiscard]] unsigned total() const { return total_; }  ///< including this one, when it began

 private:
  const std::shared_ptr<std::atomic<unsigned>> count_;
  unsigned total_;
};

}  // namespace

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

Handler limit_in_flight(unsigned max_requests, Handler handler) {
  if (max_requests == 0) return handler;
  return [max_requests, count = std::make_shared<std::atomic<unsigned>>(0),
          handler = std::move(handler)](const Request& request) {
    auto in_flight = std::make_shared<InFlight>(count);
    if (in_flight->total() > max_requests) {
      return plain_text(
          503, "too many requests in flight, the limit is " + std::to_string(max_requests) + "\n");
    }
    auto response = handler(request);
    response.held.push_back(std::move(in_flight));
    return response;
  };
}

}  // namespace cgroup2::http
