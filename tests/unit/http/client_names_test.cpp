// SPDX-License-Identifier: Apache-2.0
#include "http/client_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/pem.h"
#include "support/certificates.h"

namespace cgroup2::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names_of(const std::string& alternative_names) {
  const auto identity = test::Authority().issue({.alternative_names = alternative_names});
  return client_names(*parse_certificates("cert", identity.cert).front());
}

TEST(ClientNames, AreOfFourKinds) {
  EXPECT_THAT(names_of("DNS:a.example,email:a@example.org,IP:192.0.2.1,URI:spiffe://a/b"),
              ElementsAre("a.example", "a@example.org", "192.0.2.1", "spiffe://a/b"));
}

TEST(ClientNames, WriteAddressesInTheirCanonicalForm) {
  EXPECT_THAT(names_of("IP:2001:DB8:0:0::0001,IP:::ffff:192.0.2.1"),
              ElementsAre("2001:db8::1", "192.0.2.1"));
}

TEST(ClientNames, LeaveOutOtherKinds) {
  EXPECT_THAT(names_of("RID:1.2.3.4,DNS:a"), ElementsAre("a"));
}

TEST(ClientNames, AreNoneWithoutTheExtension) { EXPECT_THAT(names_of(""), IsEmpty()); }

}  // namespace
}  // namespace cgroup2::http
