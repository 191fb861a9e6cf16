// SPDX-License-Identifier: Apache-2.0
// Middleware: functions from a handler to a handler. Each does one thing before or after it calls
// the inner one, so that they can be combined.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace cgroup2::http {

/// Answers HEAD as the handler answers GET; the server leaves the body out.
[[nodiscard]] Handler answer_head(Handler handler);

/// Answers 405 to all but `methods`. Allow names HEAD with GET, because answer_head() makes a GET
/// of it.
[[nodiscard]] Handler allow_methods(std::vector<std::string> methods, Handler handler);

/// Answers 503 while `max_requests` requests are in flight. A request is in flight until its
/// response is destroyed, which is after the body was sent. 0 is no limit.
[[nodiscard]] Handler limit_in_flight(unsigned max_requests, Handler handler);

}  // namespace cgroup2::http
