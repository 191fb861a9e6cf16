// SPDX-License-Identifier: Apache-2.0
#include "config/web_tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "config/problem_list.h"

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What a section of some keys means, read with files that are not on a disk.
class WebTlsTest : public testing::Test {
 protected:
  std::optional<TlsConfig> read(const std::string& section) {
    const YamlWalk walk("f", problems_);
    WebFileReading reading{walk, "/etc/", [this](const std::string& path, std::string& text) {
                             const auto file = files_on_disk.find(path);
                             if (file == files_on_disk.end()) return Problem("No such file");
                             text = file->second;
                             return Problem();
                           }};
    const auto root = walk.parse("tls_server_config:\n" + section);
    EXPECT_TRUE(root);
    auto tls = read_web_tls(root->children.at(0), root->children.at(1), reading);
    problems = problems_.take();
    warnings = reading.warnings;
    files = reading.files;
    return tls;
  }

  // The same with a certificate and a key; without problems.
  TlsConfig with_certificate(const std::string& more) {
    auto tls = read("  cert_file: c.pem\n  key_file: k.pem\n" + more);
    EXPECT_THAT(problems, IsEmpty());
    return tls.value_or(TlsConfig{});
  }

  std::map<std::string, std::string> files_on_disk{{"/etc/c.pem", "-----BEGIN C"},
                                                   {"/etc/k.pem", "-----BEGIN K"},
                                                   {"/etc/sub/ca.pem", "-----BEGIN A"},
                                                   {"/run/c.pem", "-----BEGIN R"},
                                                   {"/etc/empty", ""},
                                                   {"/etc/der", "0\x82"}};
  std::vector<std::string> problems, warnings, files;

 private:
  ProblemList problems_;
};

TEST_F(WebTlsTest, StaysOffWithoutKeys) {
  for (const auto* section :
       {"", "  {}\n", "  cert:\n", "  cert_file: ''\n  client_auth_type: \"\"\n"}) {
    EXPECT_EQ(read(section), std::nullopt) << section;
    EXPECT_THAT(problems, IsEmpty()) << section;
  }
}

TEST_F(WebTlsTest, WarnsWhereSettingsDoNotTurnItOn) {
  for (const auto* section :
       {"  min_version: TLS13\n", "  cipher_suites: [TLS_AES_128_GCM_SHA256]\n",
        "  client_allowed_sans: [a]\n", "  prefer_server_cipher_suites: false\n"}) {
    EXPECT_EQ(read(section), std::nullopt) << section;
    EXPECT_THAT(problems, IsEmpty()) << section;
    EXPECT_THAT(warnings, ElementsAre("f:1:1: tls_server_config: TLS stays off, because it has no "
                                      "certificate and no key"))
        << section;
  }
}

TEST_F(WebTlsTest, IsOnWithEachKeyThatNeedsIt) {
  const std::string no_cert = "f:1:1: tls_server_config: missing one of cert or cert_file";
  const std::string no_key = "f:1:1: tls_server_config: missing one of key or key_file";
  EXPECT_NE(read("  cert_file: c.pem\n"), std::nullopt);
  EXPECT_THAT(problems, ElementsAre(no_key));
  EXPECT_NE(read("  cert: '-----BEGIN C'\n"), std::nullopt);
  EXPECT_THAT(problems, ElementsAre(no_key));
  EXPECT_NE(read("  key_file: k.pem\n"), std::nullopt);
  EXPECT_THAT(problems, ElementsAre(no_cert));
  EXPECT_NE(read("  key: '-----BEGIN K'\n"), std::nullopt);
  EXPECT_THAT(problems, ElementsAre(no_cert));
  EXPECT_NE(read("  client_auth_type: NoClientCert\n"), std::nullopt);
  EXPECT_THAT(problems, ElementsAre(no_cert, no_key));
  EXPECT_NE(read("  client_ca_file: sub/ca.pem\n"), std::nullopt);
  EXPECT_THAT(problems, ElementsAre(no_cert, no_key,
                                    "f:2:19: tls_server_config.client_ca_file: has no use without "
                                    "client_auth_type"));
  EXPECT_NE(read("  client_ca: '-----BEGIN A'\n  client_auth_type: NoClientCert\n"), std::nullopt);
  EXPECT_THAT(problems, ElementsAre(no_cert, no_key,
                                    "f:2:14: tls_server_config.client_ca: has no use without "
                                    "client_auth_type"));
}

TEST_F(WebTlsTest, HasDefaults) {
  TlsConfig expected;
  expected.cert = "-----BEGIN C";
  expected.key = "-----BEGIN K";
  EXPECT_EQ(with_certificate(""), expected);
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_THAT(files, ElementsAre("/etc/c.pem", "/etc/k.pem"));
}

TEST_F(WebTlsTest, TakesFilesBesideTheConfigurationBeforeTextInIt) {
  const auto tls = read(
      "  cert: |\n    -----BEGIN I\n  cert_file: /run/c.pem\n  key: |\n    -----BEGIN J\n    x\n"
      "  client_ca: nonsense\n  client_ca_file: sub/ca.pem\n"
      "  client_auth_type: RequireAndVerifyClientCert\n");
  EXPECT_THAT(problems, IsEmpty());
  ASSERT_TRUE(tls);
  EXPECT_EQ(tls->cert, "-----BEGIN R");
  EXPECT_EQ(tls->key, "-----BEGIN J\nx\n");
  EXPECT_EQ(tls->client_ca, "-----BEGIN A");
  EXPECT_THAT(files, ElementsAre("/run/c.pem", "/etc/sub/ca.pem"));
}

TEST_F(WebTlsTest, SaysWhichFileIsWrong) {
  (void)read(
      "  cert_file: missing.pem\n  key_file: empty\n  client_ca_file: der\n"
      "  client_auth_type: RequestClientCert\n");
  EXPECT_THAT(problems,
              ElementsAre("f:2:14: tls_server_config.cert_file: /etc/missing.pem: No such file",
                          "f:3:13: tls_server_config.key_file: /etc/empty: has no PEM text",
                          "f:4:19: tls_server_config.client_ca_file: /etc/der: has no PEM text"));
  EXPECT_THAT(files, ElementsAre("/etc/missing.pem", "/etc/empty", "/etc/der"));
  (void)read("  cert: c.pem\n  key: k.pem\n");
  EXPECT_THAT(problems, ElementsAre("f:2:9: tls_server_config.cert: has no PEM text",
                                    "f:3:8: tls_server_config.key: has no PEM text"));
}

TEST_F(WebTlsTest, HasEachClientAuthType) {
  const std::pair<const char*, ClientAuth> rows[] = {
      {"NoClientCert", ClientAuth::none},
      {"\"\"", ClientAuth::none},
      {"RequestClientCert", ClientAuth::request},
      {"RequireAnyClientCert", ClientAuth::require_any},
      {"RequireClientCert", ClientAuth::require_any},
      {"VerifyClientCertIfGiven", ClientAuth::verify_if_given},
      {"RequireAndVerifyClientCert", ClientAuth::require_and_verify},
  };
  for (const auto& [name, expected] : rows) {
    const bool verifies =
        expected == ClientAuth::verify_if_given || expected == ClientAuth::require_and_verify;
    const auto tls = with_certificate("  client_auth_type: " + std::string(name) + "\n" +
                                      (verifies ? "  client_ca_file: sub/ca.pem\n" : ""));
    EXPECT_EQ(tls.client_auth, expected) << name;
  }
}

// Go would take the certificates of every authority that the system trusts.
TEST_F(WebTlsTest, VerifiesOnlyAgainstAuthoritiesThatAreNamed) {
  for (const auto* name : {"VerifyClientCertIfGiven", "RequireAndVerifyClientCert"}) {
    (void)read("  cert_file: c.pem\n  key_file: k.pem\n  client_auth_type: " + std::string(name));
    EXPECT_THAT(problems,
                ElementsAre("f:4:21: tls_server_config.client_auth_type: " + std::string(name) +
                            " needs one of client_ca or client_ca_file"));
  }
}

TEST_F(WebTlsTest, HasListsInTheirOrder) {
  const auto tls = with_certificate(
      "  min_version: TLS10\n  max_version: TLS12\n"
      "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256,\n"
      "    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA]\n"
      "  prefer_server_cipher_suites: no\n  curve_preferences: [X25519, CurveP521]\n"
      "  client_auth_type: RequestClientCert\n  client_allowed_sans: [a.example, "
      "10.0.0.1]\n");
  EXPECT_EQ(tls.min_version, TlsVersion::tls10);
  EXPECT_EQ(tls.max_version, TlsVersion::tls12);
  EXPECT_THAT(tls.cipher_suites,
              ElementsAre("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-SHA"));
  EXPECT_FALSE(tls.prefer_server_cipher_suites);
  EXPECT_THAT(tls.curves, ElementsAre("X25519", "P-521"));
  ASSERT_TRUE(tls.client_allowed_sans);
  EXPECT_THAT(*tls.client_allowed_sans, ElementsAre("a.example", "10.0.0.1"));
}

TEST_F(WebTlsTest, LeavesNothingOfLists) {
  const auto tls = with_certificate(
      "  cipher_suites:\n  curve_preferences: []\n  client_allowed_sans: ~\n  min_version:\n"
      "  prefer_server_cipher_suites:\n");
  EXPECT_EQ(tls, with_certificate(""));
}

TEST_F(WebTlsTest, HasOnlyTls13WhereNoOtherSuiteIsLeft) {
  EXPECT_EQ(with_certificate("  cipher_suites: [TLS_AES_256_GCM_SHA384]\n").min_version,
            TlsVersion::tls13);
  (void)read(
      "  cert_file: c.pem\n  key_file: k.pem\n  max_version: TLS12\n"
      "  cipher_suites: [TLS_AES_256_GCM_SHA384]\n");
  EXPECT_THAT(problems, ElementsAre("f:5:18: tls_server_config.cipher_suites: has no suite of the "
                                    "versions up to max_version"));
}

TEST_F(WebTlsTest, RefusesInventedNames) {
  const std::pair<const char*, const char*> rows[] = {
      {"min_version: TLS9\n",
       "f:4:16: tls_server_config.min_version: unknown TLS version \"TLS9\""},
      {"min_version: ''\n", "f:4:16: tls_server_config.min_version: unknown TLS version \"\""},
      {"max_version: 1.2\n", "f:4:16: tls_server_config.max_version: unknown TLS version \"1.2\""},
      {"cipher_suites: [X]\n", "f:4:19: tls_server_config.cipher_suites: unknown cipher \"X\""},
      {"cipher_suites: [TLS_AES_128_GCM_SHA25]\n",
       "f:4:19: tls_server_config.cipher_suites: unknown cipher \"TLS_AES_128_GCM_SHA25\", did you "
       "mean \"TLS_AES_128_GCM_SHA256\"?"},
      {"cipher_suites: X\n",
       "f:4:18: tls_server_config.cipher_suites: must be a list, but is a single value"},
      {"curve_preferences: [CurveP257]\n",
       "f:4:23: tls_server_config.curve_preferences: unknown curve \"CurveP257\", did you mean "
       "\"CurveP256\"?"},
      {"client_auth_type: Maybe\n",
       "f:4:21: tls_server_config.client_auth_type: unknown client_auth_type \"Maybe\""},
      {"client_auth_type: [a]\n",
       "f:4:21: tls_server_config.client_auth_type: must be a single value, but is a list"},
      {"prefer_server_cipher_suites: 1\n",
       "f:4:32: tls_server_config.prefer_server_cipher_suites: must be true or false"},
      {"cert_fil: x\n",
       "f:4:3: unknown key \"tls_server_config.cert_fil\", did you mean "
       "\"tls_server_config.cert_file\"?"},
      {"cert_file: x\n", "f:4:3: duplicate key \"tls_server_config.cert_file\", first in line 2"},
  };
  for (const auto& [line, problem] : rows) {
    (void)read(std::string("  cert_file: c.pem\n  key_file: k.pem\n  ") + line);
    EXPECT_THAT(problems, ElementsAre(problem)) << line;
  }
}

TEST_F(WebTlsTest, RefusesAMinimumAboveTheMaximum) {
  const std::string problem = ": tls_server_config.min_version: is newer than max_version";
  (void)read("  min_version: TLS13\n  max_version: TLS12\n");
  EXPECT_THAT(problems, ElementsAre("f:2:16" + problem));
  (void)read("  max_version: TLS11\n");
  EXPECT_THAT(problems, ElementsAre("f:2:16" + problem));
}

TEST_F(WebTlsTest, RefusesEmptyNamesOfClients) {
  const std::string certificate =
      "  cert_file: c.pem\n  key_file: k.pem\n  client_auth_type: RequestClientCert\n";
  const std::string key = "tls_server_config.client_allowed_sans: ";
  (void)read(certificate + "  client_allowed_sans: []\n");
  EXPECT_THAT(problems, ElementsAre("f:5:24: " + key +
                                    "must not be empty, because no client would be let in"));
  (void)read(certificate + "  client_allowed_sans: ['']\n");
  EXPECT_THAT(problems, ElementsAre("f:5:25: " + key + "a name must not be empty"));
}

TEST_F(WebTlsTest, RefusesNamesOfClientsThatAreNotAsked) {
  for (const std::string auth : {"", "  client_auth_type: NoClientCert\n"}) {
    (void)read("  cert_file: c.pem\n  key_file: k.pem\n  client_allowed_sans: [a]\n" + auth);
    EXPECT_THAT(problems, ElementsAre("f:4:24: tls_server_config.client_allowed_sans: has no use "
                                      "without client_auth_type"));
  }
}

TEST_F(WebTlsTest, WarnsWhereNamesOfClientsAreNotVerified) {
  for (const std::string auth : {"RequestClientCert", "RequireAnyClientCert"}) {
    (void)with_certificate("  client_allowed_sans: [a]\n  client_auth_type: " + auth + '\n');
    EXPECT_THAT(warnings,
                ElementsAre("f:4:24: tls_server_config.client_allowed_sans: anybody can make a "
                            "certificate with such a name, which " +
                            auth + " does not verify"));
  }
  (void)with_certificate(
      "  client_allowed_sans: [a]\n  client_auth_type: VerifyClientCertIfGiven\n"
      "  client_ca_file: sub/ca.pem\n");
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(WebTlsTest, WarnsWhereThereAreNoNamesOfClients) {
  (void)with_certificate("  client_allowed_sans:\n");
  EXPECT_THAT(warnings, ElementsAre("f:4:3: tls_server_config.client_allowed_sans: has no name, so "
                                    "all are allowed"));
}

}  // namespace
}  // namespace cgroup2::config
