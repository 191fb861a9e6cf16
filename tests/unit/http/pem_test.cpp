// SPDX-License-Identifier: Apache-2.0
#include "http/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "support/certificates.h"

namespace cgroup2::http {
namespace {

using test::Authority;

TEST(Pem, ReadsAllCertificatesOfAText) {
  const Authority authority;
  EXPECT_EQ(parse_certificates("cert", authority.cert()).size(), 1U);
  const auto identity = authority.issue();
  EXPECT_EQ(parse_certificates(
                "cert", "a comment\n" + identity.cert + "between\n" + authority.cert() + "after\n")
                .size(),
            2U);
}

TEST(Pem, FindsCertificatesAndKeysInOneText) {
  const auto identity = Authority().issue();
  const auto text = identity.key + identity.cert;
  EXPECT_EQ(parse_certificates("cert", text).size(), 1U);
  EXPECT_NE(parse_private_key("key", text), nullptr);
}

TEST(Pem, SaysWhatIsMissing) {
  for (const std::string text : {"", "garbage", "-----BEGIN CERTIFICATE"}) {
    try {
      static_cast<void>(parse_certificates("client_ca", text));
      ADD_FAILURE() << text;
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "client_ca: no certificate in it");
    }
    try {
      static_cast<void>(parse_private_key("key", text));
      ADD_FAILURE() << text;
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "key: no private key in it");
    }
  }
}

}  // namespace
}  // namespace cgroup2::http
