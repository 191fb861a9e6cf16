// SPDX-License-Identifier: Apache-2.0
// Basic authentication (RFC 7617).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/password_check.h"

namespace cgroup2::http {

/// Returns "USER:PASSWORD" of a header Authorization; nothing if it is of another scheme or wrong.
/// The base64 is strict: no blanks, no line ends, complete.
[[nodiscard]] std::optional<std::string> decode_basic(std::string_view authorization);

/// Returns the answer to a request that is not of one of the users: 401, 429 while its client has
/// guessed too much, 503 while too many clients wait. Nothing for a request that may go on.
[[nodiscard]] std::optional<Response> refuse_unknown_user(PasswordCheck& check,
                                                          const PasswordCheck::Users& users,
                                                          const Request& request);

}  // namespace cgroup2::http
