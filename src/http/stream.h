// SPDX-License-Identifier: Apache-2.0
// Stream: a body that is made while it is sent, so that it is never in memory as a whole.
#pragma once

#include <functional>

#include "base/sink.h"

namespace cgroup2::http {

/// Writes a body to the sink in pieces of any size. May go on after the sink returned false, which
/// then has no effect.
using Stream = std::function<void(const base::Sink&)>;

}  // namespace cgroup2::http
