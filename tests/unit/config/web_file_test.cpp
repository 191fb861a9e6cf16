// SPDX-License-Identifier: Apache-2.0
#include "config/web_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/tree.h"

namespace cgroup2::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const std::string hash = "$2y$10$abcdefghijklmnopqrstuuNU5dEpmHvZ8Vn/0Ed2uGvNMhXWf.kUS";

WebFile parse(const std::string& text) {
  return parse_web_file("f", text, [](const std::string&, std::string& content) {
    content = "-----BEGIN ";
    return Problem();
  });
}

WebConfig config_of(const std::string& text) {
  const auto file = parse(text);
  EXPECT_THAT(file.problems, IsEmpty()) << text;
  return file.config;
}

TEST(WebFile, MayLeaveOutEverything) {
  for (const auto* text :
       {"", "# nothing\n", "---\n", "{}\n",
        "tls_server_config:\nhttp_server_config: {}\nbasic_auth_users: ~\nrate_limit:\n",
        "http_server_config: {headers: , http2: }\nrate_limit: {interval: , burst: }\n"}) {
    EXPECT_EQ(config_of(text), WebConfig{}) << text;
  }
}

TEST(WebFile, HasAllSections) {
  const auto config = config_of(
      "tls_server_config: {cert_file: c, key_file: k}\n"
      "http_server_config:\n  http2: false\n  headers: {X-Frame-Options: deny}\n"
      "basic_auth_users: {alice: " +
      hash + ", 123: " + hash +
      "}\n"
      "rate_limit: {interval: 1s, burst: 20}\n");
  EXPECT_TRUE(config.tls);
  EXPECT_THAT(config.headers, ElementsAre(Pair("X-Frame-Options", "deny")));
  EXPECT_THAT(config.users, ElementsAre(Pair("123", hash), Pair("alice", hash)));
  EXPECT_EQ(config.rate_limit, (RateLimit{1s, 20}));
}

TEST(WebFile, SaysWhereEachKindOfProblemIs) {
  const std::pair<std::string, const char*> rows[] = {
      {"nonsense\n", "f:1:1: must be a map, but is a single value"},
      {"tls_config: {}\n", "f:1:1: unknown key \"tls_config\""},
      {"tls_server_confg:\n",
       "f:1:1: unknown key \"tls_server_confg\", did you mean \"tls_server_config\"?"},
      {"rate_limit:\nrate_limit:\n", "f:2:1: duplicate key \"rate_limit\", first in line 1"},
      {"tls_server_config: [a]\n", "f:1:20: tls_server_config: must be a map, but is a list"},
      {"http_server_config: {http3: true}\n",
       "f:1:22: unknown key \"http_server_config.http3\", did you mean "
       "\"http_server_config.http2\"?"},
      {"http_server_config: {http2: true}\n",
       "f:1:29: http_server_config.http2: HTTP/2 is not supported; leave it out or set it to "
       "false"},
      {"http_server_config: {http2: on}\n",
       "f:1:29: http_server_config.http2: HTTP/2 is not supported; leave it out or set it to "
       "false"},
      {"http_server_config: {http2: maybe}\n",
       "f:1:29: http_server_config.http2: must be true or false"},
      {"http_server_config: {headers: {X-Frame-Option: deny}}\n",
       "f:1:32: HTTP header \"http_server_config.headers.X-Frame-Option\" can not be configured, "
       "did you mean \"http_server_config.headers.X-Frame-Options\"?"},
      {"http_server_config: {headers: {x-frame-options: deny}}\n",
       "f:1:32: HTTP header \"http_server_config.headers.x-frame-options\" can not be configured, "
       "did you mean \"http_server_config.headers.X-Frame-Options\"?"},
      {"http_server_config: {headers: {Server: x}}\n",
       "f:1:32: HTTP header \"http_server_config.headers.Server\" can not be configured"},
      {"http_server_config: {headers: {X-Frame-Options: DENY}}\n",
       "f:1:49: http_server_config.headers.X-Frame-Options: \"DENY\" is not one of deny, "
       "sameorigin"},
      {"http_server_config: {headers: {X-Content-Type-Options: ''}}\n",
       "f:1:56: http_server_config.headers.X-Content-Type-Options: \"\" is not one of nosniff"},
      {"http_server_config: {headers: {X-XSS-Protection: \"a\\0b\"}}\n",
       "f:1:50: http_server_config.headers.X-XSS-Protection: has a control character"},
      {"http_server_config: {headers: {X-XSS-Protection: [a]}}\n",
       "f:1:50: http_server_config.headers.X-XSS-Protection: must be a single value, but is a "
       "list"},
      {"basic_auth_users: {alice: secret}\n",
       "f:1:27: basic_auth_users.alice: is no bcrypt hash, which begins with $2a$, $2b$ or $2y$"},
      {"basic_auth_users: {alice: }\n",
       "f:1:20: basic_auth_users.alice: is no bcrypt hash, which begins with $2a$, $2b$ or $2y$"},
      {"basic_auth_users: {alice: [x]}\n",
       "f:1:27: basic_auth_users.alice: must be a single value, but is a list"},
      {"basic_auth_users: {alice: " + hash + ", alice: " + hash + "}\n",
       "f:1:89: duplicate key \"basic_auth_users.alice\", first in line 1"},
      {"basic_auth_users: [alice]\n", "f:1:19: basic_auth_users: must be a map, but is a list"},
      {"rate_limit: {intervall: 1s}\n",
       "f:1:14: unknown key \"rate_limit.intervall\", did you mean \"rate_limit.interval\"?"},
      {"rate_limit: {interval: 1d}\n",
       "f:1:24: rate_limit.interval: \"1d\" is not a duration like 1s, 500ms or 1m30s"},
      {"rate_limit: {interval: -1s}\n",
       "f:1:24: rate_limit.interval: \"-1s\" is not a duration like 1s, 500ms or 1m30s"},
      {"rate_limit: {interval: '5'}\n",
       "f:1:24: rate_limit.interval: \"5\" is not a duration like 1s, 500ms or 1m30s"},
      {"rate_limit: {interval: {}}\n",
       "f:1:24: rate_limit.interval: must be a single value, but is a map"},
      {"rate_limit: {burst: -1}\n", "f:1:21: rate_limit.burst: \"-1\" is not a whole number"},
      {"rate_limit: {burst: '20'}\n", "f:1:21: rate_limit.burst: \"20\" is not a whole number"},
      {"rate_limit: {burst: 1.5}\n", "f:1:21: rate_limit.burst: \"1.5\" is not a whole number"},
      {"rate_limit: {burst: 9223372036854775808}\n",
       "f:1:21: rate_limit.burst: \"9223372036854775808\" is not a whole number"},
      {"a: &x 1\n", "f:1:4: anchors and aliases are not supported"},
  };
  for (const auto& [text, problem] : rows)
    EXPECT_THAT(parse(text).problems, ElementsAre(problem)) << text;
}

TEST(WebFile, ReportsAllProblemsAtOnce) {
  EXPECT_THAT(parse("tls_server_config: {min_version: X}\nbasic_auth_users: {a: b}\nc: 1\n"
                    "rate_limit: {burst: x}\n")
                  .problems,
              ElementsAre(testing::StartsWith("f:1:34: tls_server_config.min_version"),
                          testing::StartsWith("f:2:23: basic_auth_users.a"),
                          "f:3:1: unknown key \"c\"", testing::StartsWith("f:4:21: rate_limit")));
}

TEST(WebFile, HasHeadersOfOneLine) {
  const auto config = config_of(
      "http_server_config:\n  headers:\n"
      "    Strict-Transport-Security: max-age=31536000; includeSubDomains\n"
      "    X-Content-Type-Options: nosniff\n"
      "    X-Frame-Options: sameorigin\n"
      "    X-XSS-Protection: 1\n"
      "    Content-Security-Policy: |\n      default-src 'self';\n      img-src *\n");
  EXPECT_THAT(config.headers,
              ElementsAre(Pair("Content-Security-Policy", "default-src 'self'; img-src *"),
                          Pair("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
                          Pair("X-Content-Type-Options", "nosniff"),
                          Pair("X-Frame-Options", "sameorigin"), Pair("X-XSS-Protection", "1")));
}

TEST(WebFile, SendsNoBlankHeader) {
  EXPECT_THAT(config_of("http_server_config: {headers: {X-XSS-Protection: '', "
                        "Content-Security-Policy: \" \\n\", Strict-Transport-Security: }}\n")
                  .headers,
              IsEmpty());
}

TEST(WebFile, HasALimitOnlyWithAnInterval) {
  EXPECT_EQ(config_of("rate_limit: {burst: 20}\n").rate_limit, std::nullopt);
  EXPECT_EQ(config_of("rate_limit: {interval: 0, burst: 20}\n").rate_limit, std::nullopt);
  EXPECT_EQ(config_of("rate_limit: {interval: \"0s\", burst: 20}\n").rate_limit, std::nullopt);
  EXPECT_EQ(config_of("rate_limit: {interval: 1m30s, burst: 1}\n").rate_limit, (RateLimit{90s, 1}));
}

TEST(WebFile, WarnsOfWhatIsHardlyMeant) {
  std::string slow = hash;
  slow.replace(4, 2, "15");
  const std::pair<std::string, const char*> rows[] = {
      {"rate_limit: {interval: 1s}\n",
       "f:1:1: rate_limit: without burst, every request is refused"},
      {"rate_limit: {burst: 1}\n", "f:1:1: rate_limit: without interval, there is no limit"},
      {"basic_auth_users:\n", "f:1:1: basic_auth_users: has no user, so nobody is asked for one"},
      {"basic_auth_users: {}\n",
       "f:1:1: basic_auth_users: has no user, so nobody is asked for one"},
      {"rate_limit: {interval: 5, burst: 1}\n",
       "f:1:24: rate_limit.interval: is taken for nanoseconds, because it has no unit"},
      {"basic_auth_users: {a: " + slow + "}\n",
       "f:1:23: basic_auth_users.a: cost 15 takes seconds or more"},
      {"basic_auth_users: {'a:b': " + hash + "}\n",
       "f:1:20: basic_auth_users.a:b: no client can send a name with a colon"},
      {"tls_server_config: {max_version: TLS13}\n",
       "f:1:1: tls_server_config: TLS stays off, because it has no certificate and no key"},
  };
  for (const auto& [text, warning] : rows) {
    const auto file = parse(text);
    EXPECT_THAT(file.problems, IsEmpty()) << text;
    EXPECT_THAT(file.warnings, ElementsAre(warning)) << text;
  }
  EXPECT_EQ(config_of("rate_limit: {interval: 5, burst: 1}\n").rate_limit, (RateLimit{5ns, 1}));
}

TEST(WebFile, IsReadWithTheFilesBesideIt) {
  const test::Tree tree{
      {"web/web.yml", "tls_server_config: {cert_file: c.pem, key_file: ../k.pem}\n"},
      {"web/c.pem", "-----BEGIN C"},
      {"k.pem", "-----BEGIN K"}};
  const auto file = read_web_file(tree.path("web/web.yml"));
  EXPECT_THAT(file.problems, IsEmpty());
  ASSERT_TRUE(file.config.tls);
  EXPECT_EQ(file.config.tls->cert, "-----BEGIN C");
  EXPECT_EQ(file.config.tls->key, "-----BEGIN K");
  EXPECT_THAT(file.files, ElementsAre(tree.path("web/web.yml"), tree.path("web/c.pem"),
                                      tree.path("web/../k.pem")));
}

TEST(WebFile, SaysWhyItCannotBeRead) {
  const test::Tree tree{{"web.yml", "tls_server_config: {cert_file: c.pem, key_file: d}\n"},
                        {"d/", ""}};
  const auto missing = read_web_file(tree.path("missing.yml"));
  EXPECT_THAT(missing.problems,
              ElementsAre(tree.path("missing.yml") + ": No such file or directory"));
  EXPECT_THAT(missing.files, ElementsAre(tree.path("missing.yml")));
  const auto file = read_web_file(tree.path("web.yml"));
  const auto place = tree.path("web.yml") + ":1:";
  EXPECT_THAT(file.problems,
              ElementsAre(place + "32: tls_server_config.cert_file: " + tree.path("c.pem") +
                              ": No such file or directory",
                          place + "49: tls_server_config.key_file: " + tree.path("d") +
                              ": Is a directory"));
}

}  // namespace
}  // namespace cgroup2::config
