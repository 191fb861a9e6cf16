// SPDX-License-Identifier: Apache-2.0
#include "http/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "unit/http/handshake.h"

namespace cgroup2::http {
namespace {

using test::Authority;
using test::Handshake;
using testing::AnyOf;
using testing::Optional;

config::TlsConfig make_config(const std::string& common_name,
                              const Authority& authority = Authority()) {
  const auto identity = authority.issue({.common_name = common_name});
  config::TlsConfig config;
  config.cert = identity.cert;
  config.key = identity.key;
  return config;
}

TEST(TlsContext, ServesTheCertificate) {
  Handshake handshake{TlsContext(make_config("first"))};
  EXPECT_EQ(handshake.run(), std::nullopt);
  EXPECT_EQ(handshake.common_name(), "first");
}

TEST(TlsContext, TakesAnotherCertificateForNewConnections) {
  TlsContext context(make_config("first"));
  Handshake before(context);
  ASSERT_EQ(before.run(), std::nullopt);
  context.replace(make_config("second"));
  Handshake after(context);
  ASSERT_EQ(after.run(), std::nullopt);
  EXPECT_EQ(after.common_name(), "second");
  EXPECT_EQ(before.exchange("goes on"), "goes on");
}

TEST(TlsContext, FinishesAHandshakeWithTheSettingsThatItBeganWith) {
  const Authority authority;
  auto config = make_config("first", authority);
  config.client_ca = authority.cert();
  config.client_auth = config::ClientAuth::require_and_verify;
  config.client_allowed_sans = std::vector<std::string>{"a"};
  TlsContext context(config);
  Handshake begun(context, {.identity = authority.issue({.alternative_names = "DNS:a"})});
  ::SSL_connect(begun.client());
  ::SSL_accept(begun.server());
  context.replace(make_config("second"));
  EXPECT_EQ(begun.run(), std::nullopt);
  EXPECT_EQ(begun.common_name(), "first");
}

TEST(TlsContext, TakesEverySettingThatIsReplaced) {
  const Authority authority;
  auto config = make_config("first", authority);
  TlsContext context(config);
  config.client_ca = authority.cert();
  config.client_auth = config::ClientAuth::require_and_verify;
  config.max_version = config::TlsVersion::tls12;
  config.curves = {"P-384"};
  config.cipher_suites = {"ECDHE-ECDSA-CHACHA20-POLY1305"};
  context.replace(config);
  EXPECT_THAT(Handshake(context).run(), Optional(std::string("peer did not return a certificate")));
  Handshake handshake(context, {.identity = authority.issue({.key_type = "P-384"})});
  EXPECT_EQ(handshake.run(), std::nullopt);
  EXPECT_EQ(handshake.version(), "TLSv1.2");
  EXPECT_EQ(handshake.group(), "secp384r1");
  EXPECT_EQ(handshake.cipher(), "ECDHE-ECDSA-CHACHA20-POLY1305");
}

TEST(TlsContext, KeepsItsSettingsWhereOthersAreWrong) {
  TlsContext context(make_config("first"));
  auto wrong = make_config("second");
  wrong.key = "garbage";
  EXPECT_THROW(context.replace(wrong), std::runtime_error);
  Handshake handshake(context);
  EXPECT_EQ(handshake.run(), std::nullopt);
  EXPECT_EQ(handshake.common_name(), "first");
}

TEST(TlsContext, IsReplacedWhileHandshakesRun) {
  const auto first = make_config("first");
  const auto second = make_config("second");
  TlsContext context(first);
  std::atomic<bool> is_over = false;
  std::thread replacing([&] {
    while (!is_over) {
      context.replace(second);
      context.replace(first);
    }
  });
  for (int i = 0; i < 50; ++i) {
    Handshake handshake(context);
    EXPECT_EQ(handshake.run(), std::nullopt);
    EXPECT_THAT(handshake.common_name(), AnyOf("first", "second"));
  }
  is_over = true;
  replacing.join();
}

TEST(TlsContext, CountsHandshakeErrors) {
  TlsContext context(make_config("first"));
  EXPECT_EQ(context.handshake_errors(), 0U);
  context.count_handshake_error();
  context.count_handshake_error();
  EXPECT_EQ(context.handshake_errors(), 2U);
}

TEST(HandshakeProblem, NamesWhatIsNotTls) {
  const TlsContext context(make_config("first"));
  const test::Tls server(context.begin_connection(), &::SSL_free);
  const std::string text = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
  ::SSL_set_bio(server.get(), ::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                ::BIO_new(::BIO_s_null()));
  ::ERR_clear_error();
  EXPECT_EQ(handshake_problem(*server, ::SSL_accept(server.get())), "http request");
}

TEST(HandshakeProblem, IsNoneWhileMoreCanCome) {
  const TlsContext context(make_config("first"));
  Handshake handshake(context);
  ::ERR_clear_error();
  EXPECT_EQ(handshake_problem(*handshake.server(), ::SSL_accept(handshake.server())), std::nullopt);
}

TEST(HandshakeProblem, SaysThatTheConnectionWasClosed) {
  const TlsContext context(make_config("first"));
  const test::Tls server(context.begin_connection(), &::SSL_free);
  ::SSL_set_bio(server.get(), ::BIO_new(::BIO_s_null()), ::BIO_new(::BIO_s_null()));
  ::ERR_clear_error();
  EXPECT_THAT(handshake_problem(*server, ::SSL_accept(server.get())),
              Optional(AnyOf(std::string("the connection was closed"),
                             std::string("unexpected eof while reading"))));
}

}  // namespace
}  // namespace cgroup2::http
