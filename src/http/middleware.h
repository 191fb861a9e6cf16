// SPDX-License-Identifier: Apache-2.0
// Middleware: functions that make a handler out of another one. Each does one thing before or after
// it calls the other, so that they can be put around each other.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace cgroup2::http {

/// Answers HEAD as the handler answers GET; the server leaves the body out.
[[nodiscard]] Handler answer_head(Handler handler);

/// Answers 405 to all but `methods`. Its Allow names HEAD beside GET, because answer_head() is
/// around it.
[[nodiscard]] Handler allow_methods(std::vector<std::string> methods, Handler handler);

/// Answers 503 while `max_requests` requests are in flight. They are so until their response is
/// destroyed, which is when its body was sent. 0 is no limit.
[[nodiscard]] Handler limit_in_flight(unsigned max_requests, Handler handler);

}  // namespace cgroup2::http
