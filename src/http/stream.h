// SPDX-License-Identifier: Apache-2.0
// Stream: a body that is made while it is sent, so that nobody has to hold all of it.
#pragma once

#include <functional>

#include "base/sink.h"

namespace cgroup2::http {

/// Hands over a body in pieces of any size. May go on after a false, which then has no effect.
using Stream = std::function<void(const base::Sink&)>;

}  // namespace cgroup2::http
