// SPDX-License-Identifier: Apache-2.0
#include "http/response_head.h"

#include <array>

namespace cgroup2::http {
namespace {

/// Writes a time as "Sun, 06 Nov 1994 08:49:37 GMT".
std::string date(std::time_t now) {
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  // Writes English names, because the program never calls setlocale().
  const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

Framing framing_of(const Response& response, std::string_view http_version) {
  if (response.bytes()) return Framing::length;
  return http_version == "1.0" ? Framing::end_of_connection : Framing::chunks;
}

std::string response_head(const Response& response, std::string_view reason, Framing framing,
                          bool keep_alive, std::time_t now) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out.append(reason).append("\r\n");
  append_field(out, "Date", date(now));
  append_field(out, "Content-Type", response.content_type);
  append_field(out, "X-Content-Type-Options", "nosniff");
  if (framing == Framing::length)
    append_field(out, "Content-Length", std::to_string(response.bytes()->size()));
  if (framing == Framing::chunks) append_field(out, "Transfer-Encoding", "chunked");
  for (const auto& [name, value] : response.headers.all()) append_field(out, name, value);
  append_field(out, "Connection", keep_alive ? "keep-alive" : "close");
  return out += "\r\n";
}

}  // namespace cgroup2::http
