// SPDX-License-Identifier: Apache-2.0
// PasswordCheck: decides whether a password is that of a user, at a bounded price.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/time.h"
#include "http/bcrypt.h"
#include "http/password_cache.h"

namespace cgroup2::http {

enum class PasswordAnswer {
  right,
  wrong,
  client_busy,  ///< not compared: the client has too many comparisons
  busy          ///< not compared: too many clients wait
};

/// Any thread. One comparison runs at a time, and a bounded number of threads wait for theirs, so
/// that guesses take neither all cores nor all threads. What is in the cache does not wait.
///
/// A client (see client_group.h) has two comparisons at most, one of which waits. After a wrong
/// password there is none for nine times as long as that took, a second at most: with hashes of
/// cost 10, guesses take a tenth of a core, wherever they come from.
class PasswordCheck {
 public:
  using Users = std::map<std::string, std::string>;  ///< hash by name
  using Compare = std::function<bool(const std::string& hash, std::string_view password)>;
  using Now = std::function<base::TimePoint()>;
  using SleepUntil = std::function<void(base::TimePoint)>;

  explicit PasswordCheck(
      Compare compare = is_bcrypt_of, Now now = base::Clock::now,
      SleepUntil sleep_until = std::this_thread::sleep_until<base::Clock, base::Clock::duration>)
      : compare_(std::move(compare)), now_(std::move(now)), sleep_until_(std::move(sleep_until)) {}

  /// Waits for a comparison if the result is not known yet. The password of a user that does not
  /// exist is compared with a hash of the highest cost that a user has.
  [[nodiscard]] PasswordAnswer check(const Users& users, const std::string& user,
                                     std::string_view password, const std::string& client);

  /// Returns how many comparisons run or wait, which tests cannot see otherwise.
  [[nodiscard]] std::size_t waiting();

 private:
  class CountedComparison;

  // Counts a comparison that is to run, or returns why there is none.
  [[nodiscard]] std::optional<PasswordAnswer> begin(const std::string& client);
  void end(const std::string& client);
  [[nodiscard]] std::optional<bool> find(const PasswordCache::Key& key);
  [[nodiscard]] bool compare(const PasswordCache::Key& key, const std::string& hash,
                             std::string_view password);

  const Compare compare_;
  const Now now_;
  const SleepUntil sleep_until_;
  std::mutex comparison_mutex_;  // held while a comparison runs; taken before mutex_
  base::TimePoint pause_end_{};  // no comparison begins before; guarded by comparison_mutex_
  std::mutex mutex_;             // guards the following
  PasswordCache cache_;
  std::map<std::string, unsigned> clients_;  // how many comparisons of each run or wait
  std::size_t comparisons_ = 0;              // and of all of them
};

}  // namespace cgroup2::http
