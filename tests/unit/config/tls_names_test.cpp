// SPDX-License-Identifier: Apache-2.0
#include "config/tls_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

TEST(TlsNames, AreFoundAsTheyAreSpelledInGo) {
  EXPECT_EQ(find_tls_name(tls_versions, "TLS12"), TlsVersion::tls12);
  EXPECT_EQ(find_tls_name(client_auths, "RequireClientCert"), ClientAuth::require_any);
  EXPECT_EQ(find_tls_name(tls_curves, "CurveP384"), "P-384");
  EXPECT_EQ(find_tls_name(tls_cipher_suites, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
            "ECDHE-RSA-CHACHA20-POLY1305");
  EXPECT_EQ(find_tls_name(tls_cipher_suites, "TLS_AES_128_GCM_SHA256"), "");
  for (const auto* name : {"", "TLS14", "tls12", "TLS1", "TLS12 "})
    EXPECT_EQ(find_tls_name(tls_versions, name), std::nullopt) << name;
  // Go has these too, but the toolkit does not take suites that are not secure.
  EXPECT_EQ(find_tls_name(tls_cipher_suites, "TLS_RSA_WITH_AES_128_CBC_SHA"), std::nullopt);
}

TEST(TlsNames, CanBeListed) {
  EXPECT_THAT(tls_names_of(tls_versions), testing::ElementsAre("TLS10", "TLS11", "TLS12", "TLS13"));
  EXPECT_EQ(tls_names_of(tls_cipher_suites).size(), 13U);
}

}  // namespace
}  // namespace cgroup2::config
