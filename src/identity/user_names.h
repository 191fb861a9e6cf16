// SPDX-License-Identifier: Apache-2.0
// UserNames: finds the names of users in the host's /etc/passwd.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/rooted.h"
#include "base/text.h"

namespace cgroup2::identity {

/// Keeps what it read for a minute. Belongs to one thread.
class UserNames {
 public:
  using Clock = std::chrono::steady_clock;

  /// `host` must outlive this.
  explicit UserNames(const base::Rooted& host) : host_(host) {}

  /// Returns the name of a numeric user, or the number of one that is not in /etc/passwd, such as a
  /// user of a directory service.
  [[nodiscard]] std::string name_of(std::string_view uid, Clock::time_point now);

 private:
  void read(Clock::time_point now);

  const base::Rooted& host_;
  std::optional<Clock::time_point> read_at_;
  std::unordered_map<std::string, std::string, base::TextHash, std::equal_to<>> by_uid_;
};

}  // namespace cgroup2::identity
