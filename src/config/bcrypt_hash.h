// SPDX-License-Identifier: Apache-2.0
// Hashes of passwords by bcrypt, as `htpasswd -B` writes them: "$2y$10$", a salt of 22 characters
// and a digest of 31.
#pragma once

#include <string_view>

#include "config/values.h"

namespace cgroup2::config {

/// Checks the form of a hash and gives its cost, the logarithm of the number of rounds. Does not
/// show the hash in what it returns.
[[nodiscard]] Problem parse_bcrypt_cost(std::string_view hash, unsigned& cost);

}  // namespace cgroup2::config
