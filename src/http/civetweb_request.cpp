// SPDX-License-Identifier: Apache-2.0
// Of CivetWeb 1.15.
#include "http/civetweb_request.h"

#include <civetweb.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "http/header_list.h"
#include "http/target.h"

namespace cgroup2::http {
namespace {

// CivetWeb ends the list of fields at the first line that does not begin with a name, takes blanks
// before a colon and before the first field, and says nothing. A proxy in front may read such a
// head otherwise: what it takes for the body of one request would be the next request here. (A
// blank before the first field cannot be told from a "\r", if the request line ends with one byte.)
bool has_whole_head(const mg_request_info& info, const char* end) {
  // Ends of lines and colons are 0 by now, but for the last "\r".
  const char* line_end = info.http_version + std::strlen(info.http_version);
  for (int i = 0; i < info.num_headers; ++i) {
    const auto& field = info.http_headers[i];
    const char* colon = field.name + std::strlen(field.name);
    if (field.name - line_end > 2) return false;
    if (std::find(colon + 1, field.value, '\0') != field.value) return false;
    line_end = field.value + std::strlen(field.value);
  }
  return line_end < end && end - line_end <= 4 &&
         std::all_of(line_end, end, [](char byte) { return byte == '\0' || byte == '\r'; });
}

}  // namespace

Request copy_head(const mg_request_info& info) {
  Request request;
  request.method = info.request_method;
  if (auto target = parse_target(info.request_uri)) {
    request.path = std::move(target->path);
    request.query = std::move(target->query);
  }
  // CivetWeb ends the target before the query where it finds the path itself. Elsewhere this points
  // to where the query of the connection's last request was: bytes of this one, without an end.
  if (info.local_uri_raw != nullptr && info.query_string != nullptr)
    request.query = info.query_string;
  for (int i = 0; i < info.num_headers; ++i) {
    const auto& field = info.http_headers[i];
    request.headers.add(field.name, field.value);
  }
  request.peer = {info.remote_addr, info.remote_port};
  return request;
}

BodyFraming framing_of_body(const Request& request, const mg_request_info& info, const char* end) {
  // CivetWeb leaves out the fields that do not fit, and one of them may be Content-Length.
  if (info.num_headers >= MG_MAX_HEADERS) return {431};
  if (!has_whole_head(info, end)) return {400};
  return body_framing(request.headers);
}

// Takes one byte at a time, because CivetWeb fills the whole buffer and allows the client the full
// timeout for every byte of it.
int drop_body(mg_connection* connection, long long length, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (long long i = 0; i < length; ++i) {
    char byte = 0;
    const bool is_read = ::mg_read(connection, &byte, 1) == 1;
    if (!is_read || std::chrono::steady_clock::now() > deadline) return 408;
  }
  return 0;
}

bool wants_keep_alive(const mg_connection* connection, const mg_request_info& info) {
  const char* field = ::mg_get_header(connection, "Connection");
  if (field == nullptr) return std::string_view(info.http_version) == "1.1";
  return lists_word(field, "keep-alive") && !lists_word(field, "upgrade");
}

bool is_unanswered(const mg_connection* connection) {
  const auto& info = *::mg_get_request_info(connection);
  return info.request_uri != nullptr && info.local_uri_raw == nullptr &&
         ::mg_get_user_connection_data(connection) == nullptr;
}

}  // namespace cgroup2::http
