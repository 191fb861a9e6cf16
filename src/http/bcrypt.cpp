// SPDX-License-Identifier: Apache-2.0
#include "http/bcrypt.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <cstring>
#include <memory>

namespace cgroup2::http {

bool is_bcrypt_of(const std::string& hash, std::string_view password) {
  constexpr std::size_t significant = 72, digest_size = 31;
  // Ends C's text early, so that all passwords with the same beginning would be equal.
  const bool has_nul = password.find('\0') != std::string_view::npos;
  // crypt_r() fails at once for more than 512 bytes.
  std::string beginning(password.substr(0, significant));
  const auto data = std::make_unique<crypt_data>();
  const char* made = ::crypt_r(beginning.c_str(), hash.c_str(), data.get());
  // Compares the digest alone: two bits of the salt do not count, and crypt_r() clears them.
  const bool is_same = made != nullptr && std::strlen(made) == hash.size() &&
                       hash.size() > digest_size &&
                       ::CRYPTO_memcmp(made + hash.size() - digest_size,
                                       hash.data() + hash.size() - digest_size, digest_size) == 0;
  ::OPENSSL_cleanse(beginning.data(), beginning.size());
  ::OPENSSL_cleanse(data.get(), sizeof *data);
  return is_same && !has_nul;
}

}  // namespace cgroup2::http
