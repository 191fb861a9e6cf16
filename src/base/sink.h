// SPDX-License-Identifier: Apache-2.0
// Sink: where a body goes that is written in pieces, so that nobody has to hold all of it.
#pragma once

#include <functional>
#include <string_view>

namespace cgroup2::base {

/// Takes the next piece of a body; false if nobody wants more of it.
using Sink = std::function<bool(std::string_view)>;

}  // namespace cgroup2::base
