// SPDX-License-Identifier: Apache-2.0
#include "http/guarded_call.h"

#include <exception>
#include <optional>
#include <string>

namespace cgroup2::http {
namespace {

/// Returns what the call threw, or nothing.
template <typename Call>
std::optional<std::string> problem_of(const Call& call) {
  try {
    call();
    return std::nullopt;
  } catch (const std::exception& problem) {
    return problem.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace

Response call_guarded(const Handler& handler, const Request& request, base::Log& log) {
  Response response;
  const auto problem = problem_of([&] { response = handler(request); });
  if (!problem) return response;
  log.error("cannot answer an HTTP request",
            {{"method", request.method}, {"path", request.path}, {"error", *problem}});
  return plain_text(500, "Internal Server Error\n");
}

bool write_guarded(const Response& response, const base::Sink& sink, base::Log& log) {
  if (const auto bytes = response.bytes()) {
    sink(*bytes);
    return true;
  }
  const auto problem = problem_of([&] { std::get<Stream>(response.body)(sink); });
  if (problem) log.error("cannot finish an HTTP response", {{"error", *problem}});
  return !problem;
}

}  // namespace cgroup2::http
