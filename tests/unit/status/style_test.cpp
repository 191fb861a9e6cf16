// SPDX-License-Identifier: Apache-2.0
#include "status/style.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <fstream>
#include <string>

namespace cgroup2::status {
namespace {

TEST(Style, IsTheOnlyOneThatThePolicyAllows) {
  const auto sheet = style_sheet().text();
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(sheet.data()), sheet.size(), digest.data());
  std::array<unsigned char, 64> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), digest.size());
  const std::string hash = reinterpret_cast<const char*>(base64.data());
  EXPECT_THAT(std::string(content_security_policy()),
              testing::HasSubstr("style-src 'sha256-" + hash + "';"));
}

TEST(Style, IsTheFileWithoutItsComments) {
  std::ifstream file(CGROUP2_STYLE_SHEET);
  std::string expected = "\n";
  int comments = 0;
  for (std::string line; std::getline(file, line);) {
    const bool is_comment = line.starts_with("/*") && line.ends_with("*/");
    comments += is_comment ? 1 : 0;
    if (!is_comment) expected += line + '\n';
  }
  EXPECT_GT(comments, 0);
  EXPECT_EQ(style_sheet().text(), expected);
  EXPECT_EQ(expected.find("/*"), std::string::npos);
}

TEST(Style, AllowsNoScriptAndNothingFromElsewhere) {
  const std::string policy(content_security_policy());
  EXPECT_TRUE(policy.starts_with("default-src 'none';"));
  EXPECT_THAT(policy, testing::Not(testing::HasSubstr("unsafe")));
  EXPECT_THAT(policy, testing::Not(testing::HasSubstr("script-src")));
  EXPECT_EQ(style_sheet().text().find("url("), std::string_view::npos);
  EXPECT_EQ(style_sheet().text().find('<'), std::string_view::npos);
}

}  // namespace
}  // namespace cgroup2::status
