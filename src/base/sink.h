// SPDX-License-Identifier: Apache-2.0
// Sink: the receiver of a body that is written in pieces and never in memory as a whole.
#pragma once

#include <functional>
#include <string_view>

namespace cgroup2::base {

/// Takes the next piece of a body. Returns false if no more is wanted.
using Sink = std::function<bool(std::string_view)>;

}  // namespace cgroup2::base
