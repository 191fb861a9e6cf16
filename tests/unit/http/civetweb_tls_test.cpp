// SPDX-License-Identifier: Apache-2.0
// server_tls_test.cpp has what needs connections.
#include "http/civetweb_tls.h"

#include <gtest/gtest.h>

namespace cgroup2::http {
namespace {

TEST(CivetWebTls, KnowsMessagesOfHandshakes) {
  EXPECT_TRUE(is_about_handshake("sslize error: error:0A0000C1:SSL routines::no shared cipher"));
  EXPECT_TRUE(is_about_handshake("SSL syscall error 104"));
  EXPECT_FALSE(is_about_handshake("cannot bind to 127.0.0.1:1: 13 (Permission denied)"));
}

}  // namespace
}  // namespace cgroup2::http
