// SPDX-License-Identifier: Apache-2.0
#include "app/web_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "support/certificates.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class WebSettingsTest : public testing::Test {
 protected:
  WebSettings make() { return {files.path("web.yml"), telemetry, log}; }

  static std::string frame_options(WebSettings& settings) {
    const auto handler =
        settings.wrap([](const http::Request&) { return http::plain_text(200, "x"); });
    return std::string(handler({}).headers.get("X-Frame-Options"));
  }

  void write_headers(const std::string& value) {
    files.write("web.yml", "http_server_config: {headers: {X-Frame-Options: " + value + "}}\n");
  }

  std::vector<std::string> logged() {
    std::vector<std::string> lines;
    for (const auto& line : log.lines()) lines.push_back(line.text);
    return lines;
  }

  double metric(const std::string& name) {
    for (const auto& family : telemetry.collect({})) {
      if (family.name == name) return family.samples.front().value;
    }
    throw std::runtime_error("no " + name);
  }

  test::Tree files{{"web.yml", "{}\n"}};
  test::RecordingLog log;
  Telemetry telemetry;
};

TEST_F(WebSettingsTest, NeedsNoFile) {
  EXPECT_THAT(web_problems(""), IsEmpty());
  WebSettings settings("", telemetry, log);
  EXPECT_FALSE(settings.has_file());
  EXPECT_EQ(settings.tls(), nullptr);
  EXPECT_THAT(settings.reload(), IsEmpty());
  EXPECT_THAT(log.lines(), IsEmpty());
}

TEST_F(WebSettingsTest, SaysAllThatIsWrongBeforeTheStart) {
  files.write("web.yml", "a: 1\nb: 2\n");
  EXPECT_THAT(web_problems(files.path("web.yml")),
              ElementsAre(files.path("web.yml") + ":1:1: unknown key \"a\"",
                          files.path("web.yml") + ":2:1: unknown key \"b\""));
  try {
    static_cast<void>(make());
    FAIL() << "it starts";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), files.path("web.yml") + ":1:1: unknown key \"a\"");
  }
}

TEST_F(WebSettingsTest, SaysWhatIsWrongWithCertificates) {
  const auto one = test::Authority().issue(), other = test::Authority().issue();
  files.write("c.pem", one.cert);
  files.write("k.pem", other.key);
  files.write("web.yml", "tls_server_config: {cert_file: c.pem, key_file: k.pem}\n");
  EXPECT_THAT(web_problems(files.path("web.yml")),
              ElementsAre(StartsWith(files.path("web.yml") + ": tls_server_config.key: ")));
}

TEST_F(WebSettingsTest, FollowsTheFile) {
  auto settings = make();
  EXPECT_EQ(frame_options(settings), "");
  settings.reload_if_changed();
  EXPECT_THAT(logged(), IsEmpty());
  write_headers("deny");
  settings.reload_if_changed();
  EXPECT_EQ(frame_options(settings), "deny");
  EXPECT_THAT(logged(), ElementsAre("web configuration reloaded file=" + files.path("web.yml")));
  settings.reload_if_changed();
  EXPECT_EQ(logged().size(), 1U);
}

TEST_F(WebSettingsTest, KeepsTheLastGoodFile) {
  write_headers("deny");
  auto settings = make();
  write_headers("never");
  settings.reload_if_changed();
  settings.reload_if_changed();  // says it once
  EXPECT_EQ(frame_options(settings), "deny");
  EXPECT_THAT(logged(),
              ElementsAre(StartsWith("web configuration not reloaded, the old one stays in effect "
                                     "problem=" +
                                     files.path("web.yml") + ":1:49: ")));
  EXPECT_EQ(metric("cgroup_exporter_web_config_last_reload_successful"), 0);
  EXPECT_EQ(metric("cgroup_exporter_web_config_reload_failures_total"), 1);
  files.remove("web.yml");
  settings.reload_if_changed();
  EXPECT_EQ(frame_options(settings), "deny");
  EXPECT_EQ(metric("cgroup_exporter_web_config_reload_failures_total"), 2);
  write_headers("sameorigin");
  settings.reload_if_changed();
  EXPECT_EQ(frame_options(settings), "sameorigin");
  EXPECT_EQ(metric("cgroup_exporter_web_config_last_reload_successful"), 1);
  EXPECT_EQ(metric("cgroup_exporter_web_config_reload_failures_total"), 2);
}

TEST_F(WebSettingsTest, ReloadsWithoutAChangeWhereItIsAskedTo) {
  auto settings = make();
  EXPECT_THAT(settings.reload(), IsEmpty());
  EXPECT_EQ(logged().size(), 1U);
}

TEST_F(WebSettingsTest, WarnsAtTheStartAndAtEachReload) {
  files.write("web.yml", "rate_limit: {interval: 1s}\n");
  auto settings = make();
  EXPECT_THAT(logged(), ElementsAre(HasSubstr("without burst")));
  EXPECT_THAT(settings.reload(), IsEmpty());
  EXPECT_EQ(logged().size(), 3U);
}

// A file that is being written, or was on a full disk, is empty: that is a valid file.
TEST_F(WebSettingsTest, KeepsAskingForPasswordsWhereTheFileLosesItsUsers) {
  const std::string users =
      "basic_auth_users: {a: $2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW}\n";
  const auto status = [](WebSettings& settings) {
    return settings.wrap([](const http::Request&) { return http::plain_text(200, "x"); })({})
        .status;
  };
  auto settings = make();
  EXPECT_EQ(status(settings), 200);
  files.write("web.yml", users);
  settings.reload_if_changed();
  EXPECT_EQ(status(settings), 401);
  files.write("web.yml", "");
  EXPECT_THAT(settings.reload(),
              ElementsAre(files.path("web.yml") + ": basic_auth_users: authentication is switched "
                                                  "off only by a restart"));
  EXPECT_EQ(status(settings), 401);
  files.write("web.yml", users + "rate_limit: {interval: 1h, burst: 9}\n");
  EXPECT_THAT(settings.reload(), IsEmpty());
  EXPECT_EQ(status(settings), 401);
}

class WebSettingsOfTls : public WebSettingsTest {
 protected:
  WebSettingsOfTls() {
    files.write("web.yml", "tls_server_config: {cert_file: c.pem, key_file: k.pem}\n");
    issue();
  }

  void issue() {
    const auto identity = test::Authority().issue();
    files.write("c.pem", identity.cert);
    files.write("k.pem", identity.key);
  }
};

TEST_F(WebSettingsOfTls, FollowTheirCertificateAndKey) {
  auto settings = make();
  ASSERT_NE(settings.tls(), nullptr);
  const auto tls = settings.tls();
  issue();
  settings.reload_if_changed();
  EXPECT_THAT(logged(), ElementsAre(StartsWith("web configuration reloaded")));
  EXPECT_EQ(settings.tls(), tls);
  files.write("k.pem", test::Authority().issue().key);  // of another certificate
  settings.reload_if_changed();
  EXPECT_THAT(logged().back(), HasSubstr("tls_server_config.key"));
  EXPECT_EQ(metric("cgroup_exporter_web_config_last_reload_successful"), 0);
}

TEST_F(WebSettingsOfTls, FollowFilesThatAreNamedLater) {
  auto settings = make();
  const auto identity = test::Authority().issue();
  files.write("sub/c.pem", identity.cert);
  files.write("sub/k.pem", identity.key);
  files.write("web.yml", "tls_server_config: {cert_file: sub/c.pem, key_file: sub/k.pem}\n");
  settings.reload_if_changed();
  ASSERT_EQ(logged().size(), 1U);
  files.write("c.pem", "no longer read");
  settings.reload_if_changed();
  EXPECT_EQ(logged().size(), 1U);
  files.remove("sub/k.pem");
  settings.reload_if_changed();
  EXPECT_THAT(logged().back(), HasSubstr("sub/k.pem: No such file or directory"));
}

TEST_F(WebSettingsOfTls, AreNotSwitchedOffOrOn) {
  auto with = make();
  files.write("web.yml", "http_server_config: {headers: {X-Frame-Options: deny}}\n");
  EXPECT_THAT(with.reload(),
              ElementsAre(HasSubstr("tls_server_config: TLS is switched off only by a restart")));
  EXPECT_EQ(frame_options(with), "");
  auto without = make();
  files.write("web.yml", "tls_server_config: {cert_file: c.pem, key_file: k.pem}\n");
  EXPECT_THAT(without.reload(),
              ElementsAre(HasSubstr("tls_server_config: TLS is switched on only by a restart")));
  EXPECT_EQ(frame_options(without), "deny");
}

}  // namespace
}  // namespace cgroup2::app
