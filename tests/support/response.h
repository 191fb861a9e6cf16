// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "http/message.h"

namespace cgroup2::test {

/// The whole body, also of a stream.
inline std::string body_of(const http::Response& response) {
  if (const auto bytes = response.bytes()) return std::string(*bytes);
  std::string text;
  std::get<http::Stream>(response.body)([&text](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

}  // namespace cgroup2::test
