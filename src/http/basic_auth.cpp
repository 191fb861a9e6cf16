// SPDX-License-Identifier: Apache-2.0
#include "http/basic_auth.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "http/client_group.h"
#include "http/header_list.h"

namespace cgroup2::http {
namespace {

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto end = std::min(text.find_first_not_of(letters), text.size());
  const auto padding = text.substr(end);
  // EVP_DecodeBlock() skips blanks at both ends and takes '=' for a zero anywhere.
  if (text.size() % 4 != 0 || (!padding.empty() && padding != "=" && padding != "=="))
    return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding.size());
  return bytes;
}

/// Overwrites a text at the end of the scope.
class Cleansing {
 public:
  explicit Cleansing(std::string& text) : text_(text) {}
  ~Cleansing() { ::OPENSSL_cleanse(text_.data(), text_.size()); }
  Cleansing(const Cleansing&) = delete;
  Cleansing& operator=(const Cleansing&) = delete;

 private:
  std::string& text_;
};

Response refuse(int status, std::string text, std::string_view field, std::string_view value) {
  auto response = plain_text(status, std::move(text));
  response.headers.add(field, value);
  return response;
}

}  // namespace

std::optional<std::string> decode_basic(std::string_view authorization) {
  constexpr std::string_view scheme = "Basic";
  if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ' ||
      !is_same_word(authorization.substr(0, scheme.size()), scheme)) {
    return std::nullopt;
  }
  auto decoded = decode_base64(authorization.substr(scheme.size() + 1));
  if (!decoded || decoded->find(':') == std::string::npos) return std::nullopt;
  return decoded;
}

std::optional<Response> refuse_unknown_user(PasswordCheck& check, const PasswordCheck::Users& users,
                                            const Request& request) {
  const auto unauthorized = [] {
    return refuse(401, "Unauthorized\n", "WWW-Authenticate", "Basic");
  };
  auto credentials = decode_basic(request.headers.get("Authorization"));
  if (!credentials) return unauthorized();
  const Cleansing cleansing(*credentials);
  const auto colon = credentials->find(':');
  const auto password = std::string_view(*credentials).substr(colon + 1);
  switch (check.check(users, credentials->substr(0, colon), password,
                      client_group(request.peer.host))) {
    case PasswordAnswer::right:
      return std::nullopt;
    case PasswordAnswer::wrong:
      return unauthorized();
    case PasswordAnswer::client_busy:
      return refuse(429, "too many passwords from this address\n", "Retry-After", "1");
    case PasswordAnswer::busy:
      return refuse(503, "too many passwords to compare\n", "Retry-After", "1");
  }
  return unauthorized();
}

}  // namespace cgroup2::http
