// SPDX-License-Identifier: Apache-2.0
// The door where the exceptions of a handler and of its streams end.
#pragma once

#include "base/log.h"
#include "http/message.h"

namespace cgroup2::http {

/// What `handler` answers. An exception becomes status 500, without its reason, and a log line with
/// it.
[[nodiscard]] Response call_guarded(const Handler& handler, const Request& request, base::Log& log);

/// Hands over the body of `response`. False after an exception of its stream, which becomes a log
/// line: what was begun cannot be answered otherwise any more.
[[nodiscard]] bool write_guarded(const Response& response, const base::Sink& sink, base::Log& log);

}  // namespace cgroup2::http
