// SPDX-License-Identifier: Apache-2.0
#include "http/civetweb_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "support/certificates.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Pair;
using testing::StrEq;

auto is(const char* name, const char* value) { return Contains(Pair(StrEq(name), value)); }

TEST(CivetWebSettings, HaveAThreadForEachConnectionAndSomeForThoseThatEnd) {
  ServerOptions options;
  options.max_connections = 0;
  EXPECT_THAT(civetweb_settings(options, {}), is("num_threads", "9"));
  options.max_connections = 44;
  EXPECT_THAT(civetweb_settings(options, {}), is("num_threads", "52"));
}

TEST(CivetWebSettings, ListTheAddresses) {
  EXPECT_THAT(civetweb_settings({}, {"127.0.0.1:0"}), is("listening_ports", "127.0.0.1:0"));
  EXPECT_THAT(civetweb_settings({}, {"+9306", "[::1]:1", "127.0.0.1:2"}),
              is("listening_ports", "+9306,[::1]:1,127.0.0.1:2"));
}

TEST(CivetWebSettings, MarkAllAddressesForTls) {
  const auto identity = test::Authority().issue();
  ServerOptions options;
  options.tls =
      std::make_shared<TlsContext>(config::TlsConfig{.cert = identity.cert, .key = identity.key});
  EXPECT_THAT(civetweb_settings(options, {"+9306", "[::1]:1", "127.0.0.1:2"}),
              is("listening_ports", "+9306s,[::1]:1s,127.0.0.1:2s"));
}

TEST(CivetWebSettings, HaveTimesInMilliseconds) {
  ServerOptions options;
  options.request_timeout = 2s;
  options.idle_timeout = 300ms;
  const auto settings = civetweb_settings(options, {});
  EXPECT_THAT(settings, is("request_timeout_ms", "2000"));
  EXPECT_THAT(settings, is("keep_alive_timeout_ms", "300"));
}

TEST(CivetWebSettings, LeaveThePathAndTheHostToTheRoutes) {
  const auto settings = civetweb_settings({}, {});
  EXPECT_THAT(settings, is("decode_url", "no"));
  EXPECT_THAT(settings, is("enable_auth_domain_check", "no"));
}

// CivetWeb serves files below document_root, and refuses to start if it is told a setting twice.
TEST(CivetWebSettings, ShareNoFilesAndSayNothingTwice) {
  std::set<std::string_view> names;
  for (const auto& [name, value] : civetweb_settings({}, {})) {
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_FALSE(names.contains("document_root"));
}

}  // namespace
}  // namespace cgroup2::http
