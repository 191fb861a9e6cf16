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

/// Answers with the first route of the path: 405 with Allow for another method; 404 if there is no
/// such route.
[[nodiscard]] Handler make_router(std::vector<Route> routes);

}  // namespace cgroup2::http
