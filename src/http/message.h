// SPDX-License-Identifier: Apache-2.0
// Request and Response: HTTP messages as plain data, without sockets and without CivetWeb.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "http/headers.h"
#include "http/stream.h"

namespace cgroup2::http {

/// What the server hands to the handler.
struct Request {
  std::string method;  ///< as sent, for example "GET"
  std::string path;    ///< decoded and without the query
  std::string query;   ///< raw, without "?"
  Headers headers;     ///< all that the client sent
  /// Of the client, with a numeric host. An IPv4 client of an address of both families has
  /// "::ffff:192.0.2.1".
  base::Address peer;
  /// Ends the connection of the request if it is still being answered and its client took nothing
  /// of the answer for so long; returns whether it is ended. From any thread. May be empty.
  std::function<bool(std::chrono::milliseconds without_progress)> hang_up{};
};

/// Bytes, bytes that several responses share, or a stream, which is called after the handler or
/// never.
using Body = std::variant<std::string, std::shared_ptr<const std::string>, Stream>;

/// What the server sends. The server adds Date, Connection, "X-Content-Type-Options: nosniff" and
/// how the body ends, and leaves the body out for HEAD.
struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  Body body;
  Headers headers;
  /// Objects that have to live until the body is sent, or cannot be sent.
  std::vector<std::shared_ptr<void>> held;

  /// Returns the whole body; nothing if it is a stream.
  [[nodiscard]] std::optional<std::string_view> bytes() const {
    if (const auto* own = std::get_if<std::string>(&body)) return *own;
    if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body))
      return **shared;
    return std::nullopt;
  }
};

/// Makes a response of plain text.
[[nodiscard]] inline Response plain_text(int status, std::string text) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  return response;
}

/// Answers one request. May be called from many threads at once.
using Handler = std::function<Response(const Request&)>;

}  // namespace cgroup2::http
