// SPDX-License-Identifier: Apache-2.0
#include "http/tls_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "unit/http/handshake.h"

namespace cgroup2::http {
namespace {

using config::TlsConfig;
using config::TlsVersion;
using test::Authority;
using test::Handshake;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Optional;
using testing::StartsWith;

TlsConfig config_of(const test::Identity& identity) {
  TlsConfig config;
  config.cert = identity.cert;
  config.key = identity.key;
  return config;
}

TlsConfig make_config(const std::string& key_type = "P-256") {
  return config_of(Authority().issue({.key_type = key_type}));
}

std::string problem(const TlsConfig& config) {
  try {
    static_cast<void>(make_tls_settings(config));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(TlsSettings, NamesWhatIsWrong) {
  auto config = make_config();
  config.cert = "-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n";
  EXPECT_EQ(problem(config), "cert: no certificate in it");
  config = make_config();
  config.cert = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(problem(config), StartsWith("cert: malformed certificate: "));
  config = make_config();
  config.cert += "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(problem(config), StartsWith("cert: malformed certificate: "));
  config = make_config();
  config.key = "garbage";
  EXPECT_EQ(problem(config), "key: no private key in it");
  config = make_config();
  config.key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  EXPECT_THAT(problem(config), StartsWith("key: unusable private key"));
  config = make_config();
  config.key = make_config().key;
  EXPECT_THAT(problem(config), StartsWith("key: it does not belong to the certificate"));
  config.key = make_config("RSA").key;
  EXPECT_THAT(problem(config), StartsWith("key: it does not belong to the certificate"));
  config = make_config();
  config.min_version = TlsVersion::tls13;
  config.max_version = TlsVersion::tls12;
  EXPECT_EQ(problem(config), "min_version: it is above max_version");
  config = make_config();
  config.cipher_suites = {"NO-SUCH-CIPHER"};
  EXPECT_EQ(problem(config), "cipher_suites: unusable: no cipher match");
  config = make_config();
  config.curves = {"P-257"};
  EXPECT_THAT(problem(config), StartsWith("curve_preferences: unusable"));
}

TEST(TlsSettings, RefuseAKeyWithAPasswordInsteadOfAskingForIt) {
  auto config = make_config();
  config.key =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAAAAAAAAAAAAAAAAAAAAAA=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_THAT(problem(config), StartsWith("key: unusable private key"));
}

TEST(TlsSettings, LeaveNoErrorForTheThread) {
  auto config = make_config();
  config.cert = "garbage";
  static_cast<void>(problem(config));
  EXPECT_EQ(::ERR_peek_error(), 0U);
  static_cast<void>(problem(make_config()));
  EXPECT_EQ(::ERR_peek_error(), 0U);
}

TEST(TlsSettings, OfferTheVersionsBetweenTheBounds) {
  struct Row {
    TlsVersion min;
    TlsVersion max;
    int client;  // its only version
    const char* result;
  };
  const Row rows[] = {
      {TlsVersion::tls12, TlsVersion::tls13, TLS1_VERSION, "unsupported protocol"},
      {TlsVersion::tls12, TlsVersion::tls13, TLS1_1_VERSION, "unsupported protocol"},
      {TlsVersion::tls12, TlsVersion::tls13, TLS1_2_VERSION, "TLSv1.2"},
      {TlsVersion::tls12, TlsVersion::tls13, TLS1_3_VERSION, "TLSv1.3"},
      {TlsVersion::tls13, TlsVersion::tls13, TLS1_2_VERSION, "unsupported protocol"},
      {TlsVersion::tls12, TlsVersion::tls12, TLS1_3_VERSION, "unsupported protocol"},
      {TlsVersion::tls11, TlsVersion::tls13, TLS1_VERSION, "unsupported protocol"},
      {TlsVersion::tls11, TlsVersion::tls13, TLS1_1_VERSION, "TLSv1.1"},
      {TlsVersion::tls10, TlsVersion::tls10, TLS1_VERSION, "TLSv1"},
  };
  auto config = make_config();
  for (const auto& row : rows) {
    config.min_version = row.min;
    config.max_version = row.max;
    Handshake handshake(TlsContext(config), {.min_version = row.client, .max_version = row.client});
    const auto found = handshake.run();
    EXPECT_EQ(found.value_or(handshake.version()), row.result) << row.client;
  }
}

TEST(TlsSettings, TakeTheServersOrderOfCiphers) {
  auto config = make_config();
  config.cipher_suites = {"ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"};
  const test::ClientSettings client{
      .max_version = TLS1_2_VERSION,
      .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"};
  Handshake of_server{TlsContext(config), client};
  EXPECT_EQ(of_server.run(), std::nullopt);
  EXPECT_EQ(of_server.cipher(), "ECDHE-ECDSA-AES256-GCM-SHA384");
  config.prefer_server_cipher_suites = false;
  Handshake of_client{TlsContext(config), client};
  EXPECT_EQ(of_client.run(), std::nullopt);
  EXPECT_EQ(of_client.cipher(), "ECDHE-ECDSA-AES128-GCM-SHA256");
}

TEST(TlsSettings, RefuseAClientWithoutACommonCipher) {
  auto config = make_config();
  config.cipher_suites = {"ECDHE-ECDSA-AES256-GCM-SHA384"};
  Handshake handshake(TlsContext(config),
                      {.max_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"});
  EXPECT_THAT(handshake.run(), Optional(HasSubstr("no shared cipher")));
}

TEST(TlsSettings, OfferOnlyForwardSecrecyWithoutAList) {
  const auto config = make_config("RSA");
  Handshake no_secrecy(TlsContext(config),
                       {.max_version = TLS1_2_VERSION, .ciphers = "AES128-GCM-SHA256"});
  EXPECT_THAT(no_secrecy.run(), Optional(HasSubstr("no shared cipher")));
  for (const auto* cipher :
       {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES256-SHA"}) {
    Handshake handshake(TlsContext(config), {.max_version = TLS1_2_VERSION, .ciphers = cipher});
    EXPECT_EQ(handshake.run(), std::nullopt) << cipher;
  }
}

TEST(TlsSettings, OfferOnlyTheGroupsOfTheList) {
  auto config = make_config("RSA");
  config.curves = {"P-384", "X25519"};
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const auto& [group, name] : {std::pair("P-384", "secp384r1"), {"X25519", "X25519"}}) {
      Handshake one(TlsContext(config),
                    {.min_version = version, .max_version = version, .groups = group});
      EXPECT_EQ(one.run(), std::nullopt);
      EXPECT_EQ(one.group(), name);
    }
    Handshake none(TlsContext(config),
                   {.min_version = version, .max_version = version, .groups = "P-521"});
    EXPECT_THAT(none.run(),
                Optional(AnyOf(HasSubstr("no suitable key share"), HasSubstr("no shared cipher"))));
  }
}

// Of TLS 1.3 it is the first key that the client sends.
TEST(TlsSettings, TakeTheServersOrderOfGroupsInTls12) {
  auto config = make_config("RSA");
  config.curves = {"P-384", "X25519"};
  Handshake handshake(TlsContext(config),
                      {.max_version = TLS1_2_VERSION, .groups = "X25519:P-384"});
  EXPECT_EQ(handshake.run(), std::nullopt);
  EXPECT_EQ(handshake.group(), "secp384r1");
}

TEST(TlsSettings, SendTheWholeChain) {
  const Authority authority;
  auto config = config_of(authority.issue());
  config.cert += authority.cert();
  Handshake handshake{TlsContext(config)};
  ASSERT_EQ(handshake.run(), std::nullopt);
  EXPECT_EQ(sk_X509_num(::SSL_get_peer_cert_chain(handshake.client())), 2);
}

TEST(TlsSettings, SendNoAuthorityOfClientsInTheChain) {
  const Authority authority;
  auto config = config_of(authority.issue());
  config.client_ca = authority.cert();
  config.client_auth = config::ClientAuth::verify_if_given;
  Handshake handshake{TlsContext(config)};
  ASSERT_EQ(handshake.run(), std::nullopt);
  EXPECT_EQ(sk_X509_num(::SSL_get_peer_cert_chain(handshake.client())), 1);
}

TEST(TlsSettings, ResumeNoSession) {
  const TlsContext context(make_config());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const test::ClientSettings client{.min_version = version, .max_version = version};
    Handshake first(context, client);
    ASSERT_EQ(first.run(), std::nullopt);
    EXPECT_EQ(::SSL_SESSION_has_ticket(::SSL_get0_session(first.client())), 0);
    Handshake second(context, client);
    ::SSL_set_session(second.client(), ::SSL_get0_session(first.client()));
    ASSERT_EQ(second.run(), std::nullopt);
    EXPECT_EQ(::SSL_session_reused(second.client()), 0);
  }
}

TEST(TlsSettings, RefuseRenegotiation) {
  Handshake handshake(TlsContext(make_config()), {.max_version = TLS1_2_VERSION});
  ASSERT_EQ(handshake.run(), std::nullopt);
  ASSERT_EQ(::SSL_renegotiate(handshake.client()), 1);
  bool is_done = false;
  for (int step = 0; step < 5; ++step) {
    char byte = 0;
    is_done = is_done || ::SSL_do_handshake(handshake.client()) == 1;
    ::SSL_read(handshake.server(), &byte, 1);
  }
  EXPECT_FALSE(is_done);
}

// The server looks at its timeouts between two reads.
TEST(TlsSettings, LetAReadEndAfterEachMessage) {
  Handshake handshake{TlsContext(make_config())};
  ASSERT_EQ(handshake.run(), std::nullopt);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(::SSL_key_update(handshake.client(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    ASSERT_EQ(::SSL_do_handshake(handshake.client()), 1);
  }
  char byte = 0;
  EXPECT_EQ(::SSL_read(handshake.server(), &byte, 1), -1);
  EXPECT_GT(BIO_pending(::SSL_get_rbio(handshake.server())), 0);
}

}  // namespace
}  // namespace cgroup2::http
