// SPDX-License-Identifier: Apache-2.0
// Request and Response: HTTP messages as plain data, without sockets and without CivetWeb.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/stream.h"

namespace cgroup2::http {

/// What the server hands to the routes. Header values are empty where the client sent none.
struct Request {
  std::string method;  ///< as sent, for example "GET"
  std::string path;    ///< decoded and without the query
  std::string query;   ///< raw, without "?"
  std::string accept;
  std::string accept_encoding;
  std::string scrape_timeout;  ///< X-Prometheus-Scrape-Timeout-Seconds
};

/// What the server sends. The server adds Date, Connection, "X-Content-Type-Options: nosniff" and
/// how the body ends, and leaves the body out for HEAD.
struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> shared;  ///< in the place of `body`, if there is one
  Stream stream;  ///< in the place of both, if there is one; called after the handler, or never
  /// Lives until the body is sent, or cannot be: what is to be given back then.
  std::shared_ptr<void> held;

  /// What is sent where there is no stream.
  [[nodiscard]] const std::string& payload() const { return shared ? *shared : body; }
};

/// A response of one line of plain text.
[[nodiscard]] inline Response plain_text(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

/// Answers one request. May be called from many threads at once.
using Handler = std::function<Response(const Request&)>;

}  // namespace cgroup2::http
