// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <algorithm>
#include <utility>

#include "http/middleware.h"

namespace cgroup2::http {

Handler make_router(std::vector<Route> routes) {
  for (auto& route : routes) {
    route.handler = answer_head(allow_methods(route.methods, std::move(route.handler)));
  }
  return [routes = std::move(routes)](const Request& request) {
    const auto route = std::ranges::find(routes, request.path, &Route::path);
    return route == routes.end() ? plain_text(404, "Not Found\n") : route->handler(request);
  };
}

}  // namespace cgroup2::http
