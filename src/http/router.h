// SPDX-License-Identifier: Apache-2.0
// Router: from the path of a request to the handler that answers it.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace cgroup2::http {

struct Route {
  std::string path;                  ///< the whole of it, as Request has it
  std::vector<std::string> methods;  ///< "GET" includes HEAD, which the handler sees as GET
  Handler handler;
};

/// Makes a handler that answers with the first route of the path. It answers 404 to a path without
/// a route, and 405 with Allow to a method that the route does not have.
[[nodiscard]] Handler make_router(std::vector<Route> routes);

}  // namespace cgroup2::http
