// SPDX-License-Identifier: Apache-2.0
// Turns the exceptions of a handler and of its streams into responses and log lines.
#pragma once

#include "base/log.h"
#include "http/message.h"

namespace cgroup2::http {

/// Returns the answer of `handler`. An exception becomes status 500, without its reason, and a log
/// line with it.
[[nodiscard]] Response call_guarded(const Handler& handler, const Request& request, base::Log& log);

/// Writes the body of `response`. False after an exception of its stream, which becomes a log line:
/// the status was already sent.
[[nodiscard]] bool write_guarded(const Response& response, const base::Sink& sink, base::Log& log);

}  // namespace cgroup2::http
