// SPDX-License-Identifier: Apache-2.0
// bcrypt: compares a password with its hash, by libxcrypt.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::http {

/// Tells whether `hash`, which is of 60 characters, is that of `password`. Takes the time that the
/// cost of the hash demands, whatever the result is: some 70 ms of a core for cost 10, twice as
/// much for each step. Of the password the first 72 bytes count, as everywhere with bcrypt. Leaves
/// no copy of it in memory.
[[nodiscard]] bool is_bcrypt_of(const std::string& hash, std::string_view password);

}  // namespace cgroup2::http
