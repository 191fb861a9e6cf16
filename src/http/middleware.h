// SPDX-License-Identifier: Apache-2.0
// Middleware: functions from a handler to a handler. Each does one thing before or after it calls
// the inner one, so that they can be combined.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "http/in_flight.h"
#include "http/message.h"

namespace cgroup2::http {

/// Answers HEAD as the handler answers GET; the server leaves the body out.
[[nodiscard]] Handler answer_head(Handler handler);

/// Answers 405 to all but `methods`. Allow names HEAD with GET, because answer_head() makes a GET
/// of it.
[[nodiscard]] Handler allow_methods(std::vector<std::string> methods, Handler handler);

/// Answers 403 to a request that a page of another origin made a browser send: its Origin is
/// another host than the request's, or Sec-Fetch-Site says so.
[[nodiscard]] Handler refuse_other_origins(Handler handler);

/// Answers 429 to a request that comes before `interval` is over since the last one.
[[nodiscard]] Handler limit_rate(std::chrono::seconds interval, Handler handler);

/// Answers 503 to requests for which the bounds have no place. A request is in flight until its
/// response lets go of what it holds: when its end is sent, see deliver().
[[nodiscard]] Handler limit_in_flight(RequestBounds bounds, Handler handler);

}  // namespace cgroup2::http
