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
  EXPECT_EQ(response_head(response, "Method Not Allowed", Framing::length, false, 784111777),
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
  EXPECT_NE(
      response_head({}, "OK", Framing::length, true, 0).find("Connection: keep-alive\r\n\r\n"),
      std::string::npos);
}

TEST(ResponseHead, OfAStreamHasNoLength) {
  Response response;
  response.body = [](const base::Sink& sink) { sink("text"); };
  EXPECT_EQ(framing_of({}, "1.1"), Framing::length);
  EXPECT_EQ(framing_of(response, "1.1"), Framing::chunks);
  EXPECT_EQ(framing_of(response, "1.0"), Framing::end_of_connection);
  const auto chunks = response_head(response, "OK", Framing::chunks, true, 0);
  EXPECT_NE(chunks.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(chunks.find("Content-Length"), std::string::npos);
  const auto until_end = response_head(response, "OK", Framing::end_of_connection, false, 0);
  EXPECT_EQ(until_end.find("Transfer-Encoding"), std::string::npos);
  EXPECT_EQ(until_end.find("Content-Length"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::http
