// SPDX-License-Identifier: Apache-2.0
#include "config/bcrypt_hash.h"

#include "base/text.h"

namespace cgroup2::config {

Problem parse_bcrypt_cost(std::string_view hash, unsigned& cost) {
  constexpr std::size_t size = 60, cost_at = 4, salt_at = 7;
  constexpr unsigned lowest = 4, highest = 31;
  constexpr std::string_view letters =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const auto prefix = hash.substr(0, cost_at);
  if (prefix != "$2a$" && prefix != "$2b$" && prefix != "$2y$")
    return "is no bcrypt hash, which begins with $2a$, $2b$ or $2y$";
  if (hash.size() != size)
    return "is too " + std::string(hash.size() < size ? "short" : "long") + " for a bcrypt hash (" +
           std::to_string(hash.size()) + " characters instead of 60)";
  const auto number = base::parse_u64(hash.substr(cost_at, 2));
  if (!number || *number < lowest || *number > highest || hash[salt_at - 1] != '$')
    return "is a bcrypt hash without a cost from 04 to 31";
  if (hash.find_first_not_of(letters, salt_at) != std::string_view::npos)
    return "has characters that no bcrypt hash has";
  cost = static_cast<unsigned>(*number);
  return std::nullopt;
}

}  // namespace cgroup2::config
