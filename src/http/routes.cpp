// SPDX-License-Identifier: Apache-2.0
#include "http/routes.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "http/negotiation.h"
#include "http/query.h"

namespace cgroup2::http {
namespace {

/// Counts itself while it lives.
class InFlight {
 public:
  explicit InFlight(std::shared_ptr<std::atomic<unsigned>> count)
      : count_(std::move(count)), total_(++*count_) {}
  ~InFlight() { --*count_; }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  [[nodiscard]] unsigned total() const { return total_; }  ///< with this one, at its begin

 private:
  const std::shared_ptr<std::atomic<unsigned>> count_;
  unsigned total_;
};

bool is_read(std::string_view method) { return method == "GET" || method == "HEAD"; }

Response not_allowed(std::string allowed) {
  auto response = plain_text(405, "Method Not Allowed\n");
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

Response healthy() { return plain_text(200, "cgroup2_exporter is Healthy.\n"); }

/// Fills collect and exclude of `scrape`. Returns what is wrong with the query, for the client;
/// never the client's own text.
std::optional<std::string_view> take_filters(std::string_view query, Scrape& scrape) {
  auto parameters = parse_query(query);
  if (!parameters) return "The query is too long or not encoded properly.\n";
  for (auto& [name, value] : *parameters) {
    if (name == "collect[]")
      scrape.collect.push_back(std::move(value));
    else if (name == "exclude[]")
      scrape.exclude.push_back(std::move(value));
  }
  if (!scrape.collect.empty() && !scrape.exclude.empty()) {
    return "collect[] and exclude[] cannot be combined.\n";
  }
  return std::nullopt;
}

// Prometheus gives up after this many seconds, a fraction maybe, and has nothing then. Three
// quarters of them may be waited for data; the rest is for the text and its way.
std::optional<std::chrono::milliseconds> patience_of(std::string_view seconds) {
  constexpr double longest = 3600;
  double value = 0;
  const auto* const end = seconds.data() + seconds.size();
  const auto [stop, error] = std::from_chars(seconds.data(), end, value);
  if (error != std::errc{} || stop != end || !(value >= 0)) return std::nullopt;
  const std::chrono::duration<double> patience(std::min(value, longest) * 3 / 4);
  return std::chrono::duration_cast<std::chrono::milliseconds>(patience);
}

}  // namespace

Routes::Routes(RoutesOptions options, Actions actions)
    : options_(std::move(options)),
      actions_(std::move(actions)),
      scrapes_in_flight_(std::make_shared<std::atomic<unsigned>>(0)) {}

Response Routes::answer(const Request& request) {
  const bool reads = is_read(request.method);
  if (request.path == options_.telemetry_path) {
    return reads ? metrics(request) : not_allowed("GET, HEAD");
  }
  if (request.path == "/")
    return reads ? page(actions_.status_page, request) : not_allowed("GET, HEAD");
  if (request.path == "/cgroup")
    return reads ? page(actions_.cgroup_page, request) : not_allowed("GET, HEAD");
  if (request.path == "/-/healthy") return reads ? healthy() : not_allowed("GET, HEAD");
  if (request.path == "/-/ready") return reads ? ready() : not_allowed("GET, HEAD");
  if (request.path == "/-/reload") {
    const bool writes = request.method == "POST" || request.method == "PUT";
    return writes ? reload() : not_allowed("POST, PUT");
  }
  return plain_text(404, "Not Found\n");
}

Response Routes::metrics(const Request& request) {
  auto scrape_in_flight = std::make_shared<InFlight>(scrapes_in_flight_);
  if (options_.max_requests != 0 && scrape_in_flight->total() > options_.max_requests) {
    return plain_text(503, "Too many scrapes at once, the limit is " +
                               std::to_string(options_.max_requests) + ".\n");
  }
  Scrape scrape;
  scrape.openmetrics = prefers_openmetrics(request.accept);
  scrape.gzip = accepts_gzip(request.accept_encoding);
  scrape.patience = patience_of(request.scrape_timeout);
  if (const auto problem = take_filters(request.query, scrape)) {
    return plain_text(400, std::string(*problem));
  }
  auto response = actions_.metrics(scrape);
  response.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  // The text is made and sent after this, for 30 s to a client that hardly reads.
  response.held = std::move(scrape_in_flight);
  return response;
}

Response Routes::page(const std::function<Response(const PageRequest&)>& action,
                      const Request& request) const {
  // A path has 4096 bytes at most, of which each may be sent as three.
  constexpr QueryBounds bounds{16, std::size_t{3} * 4096 + 16};
  auto parameters = parse_query(request.query, bounds);
  if (!parameters) return plain_text(400, "The query is too long or not encoded properly.\n");
  auto response = action({std::move(*parameters), accepts_gzip(request.accept_encoding)});
  response.headers.emplace_back("Vary", "Accept-Encoding");
  return response;
}

Response Routes::ready() const {
  if (!actions_.is_ready()) return plain_text(503, "Service Unavailable\n");
  return plain_text(200, "cgroup2_exporter is Ready.\n");
}

Response Routes::reload() const {
  if (!options_.enable_lifecycle) return plain_text(403, "Lifecycle API is not enabled.\n");
  return actions_.reload();
}

}  // namespace cgroup2::http
