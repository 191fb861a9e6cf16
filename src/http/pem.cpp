// SPDX-License-Identifier: Apache-2.0
#include "http/pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace cgroup2::http {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&::BIO_free)>;

Bio open(const std::string& text) {
  ::ERR_clear_error();
  return {::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &::BIO_free};
}

// Refuses instead of asking at the terminal, which is what OpenSSL does without it.
int refuse_password(char*, int, int, void*) { return -1; }

bool is_end_of_text(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

void fail_by_openssl(const std::string& name, const std::string& what) {
  const char* reason = ::ERR_reason_error_string(::ERR_peek_last_error());
  std::string text = name + ": " + what;
  if (reason != nullptr) text += std::string(": ") + reason;
  ::ERR_clear_error();
  throw std::runtime_error(text);
}

std::vector<Certificate> parse_certificates(const std::string& name, const std::string& text) {
  const auto bio = open(text);
  std::vector<Certificate> certificates;
  while (X509* one = ::PEM_read_bio_X509(bio.get(), nullptr, &refuse_password, nullptr))
    certificates.emplace_back(one, &::X509_free);
  if (!is_end_of_text(::ERR_peek_last_error())) fail_by_openssl(name, "malformed certificate");
  ::ERR_clear_error();
  if (certificates.empty()) throw std::runtime_error(name + ": no certificate in it");
  return certificates;
}

PrivateKey parse_private_key(const std::string& name, const std::string& text) {
  // OpenSSL says no more than "unsupported" of a text without a key.
  if (text.find("PRIVATE KEY-----") == std::string::npos)
    throw std::runtime_error(name + ": no private key in it");
  const auto bio = open(text);
  PrivateKey key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, &refuse_password, nullptr),
                 &::EVP_PKEY_free);
  if (key == nullptr) fail_by_openssl(name, "unusable private key");
  ::ERR_clear_error();
  return key;
}

}  // namespace cgroup2::http
