// SPDX-License-Identifier: Apache-2.0
// Sends a response through CivetWeb.
#pragma once

#include <chrono>
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
  std::chrono::milliseconds timeout;
  std::function<void()> note_progress;  ///< called when the client took a part
};

/// Sends a response and returns whether all of it was sent. CivetWeb's own timeout starts anew with
/// every byte that the client takes; `how.timeout` is for all of it. What the response holds is let
/// go before its end is sent: a client that has all of it may ask again.
[[nodiscard]] bool deliver(mg_connection* connection, Response response, const Delivery& how,
                           base::Log& log);

}  // namespace cgroup2::http
