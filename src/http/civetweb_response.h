// SPDX-License-Identifier: Apache-2.0
// Sends a response through CivetWeb.
#pragma once

#include <functional>

#include "base/log.h"
#include "http/message.h"
#include "http/response_head.h"

struct mg_connection;

namespace cgroup2::http {

/// How a response goes over the wire.
struct Delivery {
  Framing framing;
  bool has_body;
  bool keep_alive;
  std::function<void()> before_end = [] {};
};

/// Sends a response and returns whether all of it was sent. CivetWeb's own timeout starts anew with
/// every byte that the client takes; Connections has one for all of it. Before its end is sent (see
/// Sender), what the response holds is let go and `how.before_end` called: a client that has all of
/// it may ask again. Of a long answer a client that does not take it may not.
[[nodiscard]] bool deliver(mg_connection* connection, Response response, const Delivery& how,
                           base::Log& log);

}  // namespace cgroup2::http
