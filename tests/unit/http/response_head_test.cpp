// SPDX-License-Identifier: Apache-2.0
#include "http/response_head.h"

#include <gtest/gtest.h>

namespace cgroup2::http {
namespace {

TEST(ResponseHead, SpellsStatusAndFieldsInOrder) {
  Response response;
  response.status = 405;
  response.content_type = "text/html";
  response.body = "twelve bytes";
  response.headers = {{"Allow", "GET, HEAD"}, {"Vary", "Accept"}};
  EXPECT_EQ(response_head(response, "Method Not Allowed", false, 784111777),
            "HTTP/1.1 405 Method Not Allowed\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/html\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Content-Length: 12\r\n"
            "Allow: GET, HEAD\r\n"
            "Vary: Accept\r\n"
            "Connection: close\r\n"
            "\r\n");
}

TEST(ResponseHead, SaysThatTheConnectionStays) {
  EXPECT_NE(response_head({}, "OK", true, 0).find("Connection: keep-alive\r\n\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace cgroup2::http
