// SPDX-License-Identifier: Apache-2.0
#include "status/style.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <string>

#include "status/style_sheet.h"

namespace cgroup2::status {
namespace {

// As the policy wants it: base64 of SHA-256.
std::string hash_of(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 64> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), digest.size());
  return {base64.begin(), base64.begin() + length};
}

}  // namespace

Markup style_sheet() { return style_css; }

std::string_view content_security_policy() {
  static const std::string policy =
      "default-src 'none'; style-src 'sha256-" + hash_of(style_sheet().text()) +
      "'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return policy;
}

}  // namespace cgroup2::status
