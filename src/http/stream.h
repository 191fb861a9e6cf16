// SPDX-License-Identifier: Apache-2.0
// Stream: a body that is made while it is sent, so that nobody has to hold all of it.
#pragma once

#include <functional>
#include <string_view>

namespace cgroup2::http {

/// Takes the next piece of a body; false if nobody wants more of it.
using Take = std::function<bool(std::string_view)>;

/// Hands over a body in pieces of any size. May go on after a false, which then has no effect.
using Stream = std::function<void(const Take&)>;

}  // namespace cgroup2::http
