// SPDX-License-Identifier: Apache-2.0
// PasswordCache: results of comparisons with bcrypt, so that a client that asks every few seconds
// costs one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace cgroup2::http {

/// Has a hundred results at most. A right password never gives way to a wrong one, so clients that
/// guess do not slow down those that know. Passwords are not kept, but digests with a random key,
/// which cannot be searched for a password outside of this process. Not for several threads at
/// once.
class PasswordCache {
 public:
  using Key = std::array<unsigned char, 32>;

  /// Throws std::runtime_error if there are no random numbers.
  PasswordCache();

  /// Returns what a comparison is kept by. Another hash makes another key.
  [[nodiscard]] Key key_of(std::string_view user, std::string_view hash,
                           std::string_view password) const;

  /// Returns whether the password was right, if that is known.
  [[nodiscard]] std::optional<bool> find(const Key& key);

  void store(const Key& key, bool is_right);

 private:
  struct Entry {
    bool is_right;
    std::uint64_t used;  // the number of the last use
  };

  // Makes room by the entry of such a result that was used longest ago; returns whether there is
  // one.
  bool drop_oldest(bool is_right);

  Key secret_{};
  std::map<Key, Entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace cgroup2::http
