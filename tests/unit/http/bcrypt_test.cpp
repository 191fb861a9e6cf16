// SPDX-License-Identifier: Apache-2.0
#include "http/bcrypt.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::http {
namespace {

using namespace std::string_literals;

// Of "secret", by perl's crypt().
const std::string hash = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

std::string with_version(char version) {
  auto text = hash;
  text[2] = version;
  return text;
}

TEST(Bcrypt, TellsTheRightPasswordFromOthers) {
  for (const char version : {'a', 'b', 'y'}) {
    EXPECT_TRUE(is_bcrypt_of(with_version(version), "secret")) << version;
    for (const auto* other : {"", "Secret", "secret ", "secre", "secrets"})
      EXPECT_FALSE(is_bcrypt_of(with_version(version), other)) << version << other;
  }
}

TEST(Bcrypt, TakesAnEmptyPasswordWhereThatIsTheRightOne) {
  const std::string of_nothing = "$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq";
  EXPECT_TRUE(is_bcrypt_of(of_nothing, ""));
  EXPECT_FALSE(is_bcrypt_of(of_nothing, "\0"s));
}

TEST(Bcrypt, TakesNothingBehindNulForTheSame) {
  EXPECT_FALSE(is_bcrypt_of(hash, "secret\0"s));
  EXPECT_FALSE(is_bcrypt_of(hash, "secret\0x"s));
}

TEST(Bcrypt, Counts72BytesOfAPassword) {
  const std::string of_72 = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
  EXPECT_FALSE(is_bcrypt_of(of_72, std::string(71, 'x')));
  EXPECT_TRUE(is_bcrypt_of(of_72, std::string(72, 'x')));
  EXPECT_TRUE(is_bcrypt_of(of_72, std::string(10'000, 'x')));
}

TEST(Bcrypt, IsTheSameWithUnusedBitsOfTheSalt) {
  auto text = hash;
  text[28] = 'v';  // the last character of the salt, of which two bits count
  EXPECT_TRUE(is_bcrypt_of(text, "secret"));
}

TEST(Bcrypt, HasNoPasswordForAHashThatIsNone) {
  for (const auto& text : {""s, "$2b$04$"s, "*0"s, "secret"s, std::string(60, 'x')})
    EXPECT_FALSE(is_bcrypt_of(text, "secret")) << text;
}

}  // namespace
}  // namespace cgroup2::http
