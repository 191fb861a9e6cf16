// SPDX-License-Identifier: Apache-2.0
#include "http/client_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit/http/handshake.h"

namespace cgroup2::http {
namespace {

using config::ClientAuth;
using test::Authority;
using test::Handshake;
using test::Identity;
using testing::AllOf;
using testing::HasSubstr;
using testing::Optional;

constexpr ClientAuth all_policies[] = {ClientAuth::none, ClientAuth::request,
                                       ClientAuth::require_any, ClientAuth::verify_if_given,
                                       ClientAuth::require_and_verify};

class ClientPolicyTest : public testing::TestWithParam<int> {
 protected:
  ClientPolicyTest() {
    const auto server = authority_.issue();
    config_.cert = server.cert;
    config_.key = server.key;
    config_.client_ca = authority_.cert();
  }

  std::optional<std::string> connect(ClientAuth auth, const std::optional<Identity>& identity) {
    config_.client_auth = auth;
    Handshake handshake(
        TlsContext(config_),
        {.identity = identity, .min_version = GetParam(), .max_version = GetParam()});
    return handshake.run();
  }

  std::optional<std::string> connect_with_name(const std::string& name) {
    return connect(ClientAuth::require_and_verify, authority_.issue({.alternative_names = name}));
  }

  Authority authority_;
  config::TlsConfig config_;
};

INSTANTIATE_TEST_SUITE_P(OfVersion, ClientPolicyTest,
                         testing::Values(TLS1_2_VERSION, TLS1_3_VERSION), [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
                         });

TEST_P(ClientPolicyTest, AcceptsNoCertificateWhereNoneIsRequired) {
  for (const auto auth : {ClientAuth::none, ClientAuth::request, ClientAuth::verify_if_given})
    EXPECT_EQ(connect(auth, std::nullopt), std::nullopt) << static_cast<int>(auth);
  for (const auto auth : {ClientAuth::require_any, ClientAuth::require_and_verify})
    EXPECT_THAT(connect(auth, std::nullopt),
                Optional(HasSubstr("peer did not return a certificate")))
        << static_cast<int>(auth);
}

TEST_P(ClientPolicyTest, AcceptsACertificateOfTheAuthority) {
  const auto identity = authority_.issue();
  for (const auto auth : all_policies)
    EXPECT_EQ(connect(auth, identity), std::nullopt) << static_cast<int>(auth);
}

TEST_P(ClientPolicyTest, AcceptsAnUnknownOrExpiredCertificateOnlyWhereItIsNotVerified) {
  const auto unknown = Authority("other").issue();
  const auto expired = authority_.issue({.valid_for_seconds = -60});
  for (const auto& identity : {unknown, expired}) {
    for (const auto auth : {ClientAuth::none, ClientAuth::request, ClientAuth::require_any})
      EXPECT_EQ(connect(auth, identity), std::nullopt) << static_cast<int>(auth);
  }
  for (const auto auth : {ClientAuth::verify_if_given, ClientAuth::require_and_verify}) {
    EXPECT_EQ(connect(auth, unknown),
              "certificate verify failed: unable to get local issuer certificate");
    EXPECT_EQ(connect(auth, expired), "certificate verify failed: certificate has expired");
  }
}

TEST_P(ClientPolicyTest, AcceptsNoCertificateOfAServer) {
  const auto verified = ClientAuth::require_and_verify;
  EXPECT_EQ(connect(verified, authority_.issue({.usage = "clientAuth"})), std::nullopt);
  EXPECT_THAT(connect(verified, authority_.issue({.usage = "serverAuth"})),
              Optional(HasSubstr("certificate purpose")));
}

TEST_P(ClientPolicyTest, AcceptsNoCertificateAboveTheBound) {
  std::string names = "DNS:a";
  for (int i = 0; i < 4000; ++i) names += ",DNS:name" + std::to_string(i);
  EXPECT_THAT(connect(ClientAuth::request, authority_.issue({.alternative_names = names})),
              Optional(HasSubstr("excessive message size")));
}

TEST_P(ClientPolicyTest, VerifiesNoWeakSignatureWhereOldVersionsAreOffered) {
  for (const auto version :
       {config::TlsVersion::tls10, config::TlsVersion::tls11, config::TlsVersion::tls12}) {
    config_.min_version = version;
    EXPECT_EQ(connect(ClientAuth::require_and_verify, authority_.issue()), std::nullopt);
    EXPECT_THAT(connect(ClientAuth::require_and_verify, authority_.issue({.digest = "SHA1"})),
                Optional(HasSubstr("signature digest algorithm too weak")))
        << static_cast<int>(version);
  }
}

TEST_P(ClientPolicyTest, TrustsEachCertificateOfTheAuthoritiesText) {
  const Authority other("other");
  const auto leaf = Authority("third").issue();
  config_.client_ca += other.cert() + leaf.cert;
  EXPECT_EQ(connect(ClientAuth::require_and_verify, other.issue()), std::nullopt);
  EXPECT_EQ(connect(ClientAuth::require_and_verify, leaf), std::nullopt);
}

TEST_P(ClientPolicyTest, AcceptsACertificateThatHasAnAllowedName) {
  config_.client_allowed_sans =
      std::vector<std::string>{"prometheus.example", "p@example.org", "192.0.2.1", "2001:db8::1",
                               "spiffe://example.org/prometheus"};
  for (const auto* name :
       {"DNS:prometheus.example", "DNS:x.example,DNS:prometheus.example", "email:p@example.org",
        "IP:192.0.2.1", "IP:2001:db8:0::1", "URI:spiffe://example.org/prometheus"})
    EXPECT_EQ(connect_with_name(name), std::nullopt) << name;
}

TEST_P(ClientPolicyTest, RefusesACertificateWithoutAnAllowedName) {
  config_.client_allowed_sans = std::vector<std::string>{"prometheus.example", "192.0.2.1"};
  for (const auto* name : {"DNS:Prometheus.example", "DNS:*.example", "DNS:a.prometheus.example",
                           "IP:192.0.2.2", "RID:1.2.3.4"})
    EXPECT_THAT(connect_with_name(name),
                Optional(HasSubstr("certificate rejected: none of its names is allowed: ")))
        << name;
  EXPECT_THAT(connect_with_name("DNS:a,DNS:b"),
              Optional(HasSubstr("none of its names is allowed: a, b")));
  EXPECT_THAT(connect_with_name(""),
              Optional(HasSubstr("none of its names is allowed: it has none")));
}

TEST_P(ClientPolicyTest, ChecksNamesUnderEachPolicy) {
  config_.client_allowed_sans = std::vector<std::string>{"a"};
  for (const auto auth : {ClientAuth::request, ClientAuth::require_any, ClientAuth::verify_if_given,
                          ClientAuth::require_and_verify}) {
    EXPECT_EQ(connect(auth, authority_.issue({.alternative_names = "DNS:a"})), std::nullopt);
    EXPECT_THAT(connect(auth, authority_.issue({.alternative_names = "DNS:b"})),
                Optional(HasSubstr("none of its names is allowed: b")));
    EXPECT_THAT(connect(auth, std::nullopt),
                Optional(HasSubstr("peer did not return a certificate")));
  }
}

TEST_P(ClientPolicyTest, AcceptsNobodyWithoutAnAllowedNameAtAll) {
  config_.client_allowed_sans = std::vector<std::string>{};
  EXPECT_NE(connect_with_name("DNS:a"), std::nullopt);
  EXPECT_NE(connect_with_name(""), std::nullopt);
}

TEST_P(ClientPolicyTest, VerifiesACertificateThatHasAnAllowedName) {
  config_.client_allowed_sans = std::vector<std::string>{"a"};
  EXPECT_THAT(connect(ClientAuth::require_and_verify,
                      Authority("other").issue({.alternative_names = "DNS:a"})),
              Optional(HasSubstr("unable to get local issuer certificate")));
}

std::string problem(const config::TlsConfig& config) {
  try {
    const TlsContext context(config);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(ClientPolicyProblem, NamesWhatIsWrong) {
  const Authority authority;
  const auto server = authority.issue();
  config::TlsConfig config;
  config.cert = server.cert;
  config.key = server.key;
  config.client_ca = "garbage";
  config.client_auth = ClientAuth::request;
  EXPECT_EQ(problem(config), "client_ca: no certificate in it");
  config.client_ca.clear();
  for (const auto auth : {ClientAuth::verify_if_given, ClientAuth::require_and_verify}) {
    config.client_auth = auth;
    EXPECT_EQ(problem(config), "client_ca: missing, but client_auth_type verifies certificates");
  }
  config.client_auth = ClientAuth::none;
  config.client_allowed_sans = std::vector<std::string>{"a"};
  EXPECT_EQ(problem(config),
            "client_allowed_sans: client_auth_type does not ask for a certificate");
}

}  // namespace
}  // namespace cgroup2::http
