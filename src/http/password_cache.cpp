// SPDX-License-Identifier: Apache-2.0
#include "http/password_cache.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>
#include <string>

namespace cgroup2::http {

PasswordCache::PasswordCache() {
  if (::RAND_bytes(secret_.data(), static_cast<int>(secret_.size())) != 1)
    throw std::runtime_error("no random numbers for the cache of passwords");
}

PasswordCache::Key PasswordCache::key_of(std::string_view user, std::string_view hash,
                                         std::string_view password) const {
  // Digests the password first, so that the text that is put together is no secret. The lengths
  // keep the parts apart.
  const auto hmac = [this](std::string_view text) {
    Key digest{};
    unsigned size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (::HMAC(::EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes, text.size(),
               digest.data(), &size) == nullptr) {
      throw std::runtime_error("HMAC failed");
    }
    return digest;
  };
  const auto of_password = hmac(password);
  std::string text = std::to_string(user.size()) + ':';
  text.append(user).append(std::to_string(hash.size())).append(":").append(hash);
  text.append(reinterpret_cast<const char*>(of_password.data()), of_password.size());
  return hmac(text);
}

std::optional<bool> PasswordCache::find(const Key& key) {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return std::nullopt;
  entry->second.used = ++uses_;
  return entry->second.is_right;
}

void PasswordCache::store(const Key& key, bool is_right) {
  constexpr std::size_t capacity = 100;
  const bool has_room = entries_.size() < capacity || entries_.contains(key) ||
                        drop_oldest(false) || (is_right && drop_oldest(true));
  if (has_room) entries_.insert_or_assign(key, Entry{is_right, ++uses_});
}

bool PasswordCache::drop_oldest(bool is_right) {
  auto oldest = entries_.end();
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->second.is_right != is_right) continue;
    if (oldest == entries_.end() || entry->second.used < oldest->second.used) oldest = entry;
  }
  if (oldest == entries_.end()) return false;
  entries_.erase(oldest);
  return true;
}

}  // namespace cgroup2::http
