// SPDX-License-Identifier: Apache-2.0
#include "http/guarded_call.h"

#include <exception>
#include <string>

namespace cgroup2::http {

Response call_guarded(const Handler& handler, const Request& request, base::Log& log) {
  std::string reason = "unknown exception";
  try {
    return handler(request);
  } catch (const std::exception& problem) {
    reason = problem.what();
  } catch (...) {  // the reason says all that is known
  }
  log.error("cannot answer an HTTP request",
            {{"method", request.method}, {"path", request.path}, {"error", reason}});
  return plain_text(500, "Internal Server Error\n");
}

}  // namespace cgroup2::http
