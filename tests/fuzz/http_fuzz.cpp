// SPDX-License-Identifier: Apache-2.0
// Header fields, paths, queries and addresses of any bytes: no crash, and an answer for every
// request.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/address.h"
#include "http/negotiation.h"
#include "http/query.h"
#include "http/router.h"

namespace {

using namespace cgroup2::http;

Response answer(const Request& request) {
  if (request.method != "GET") std::abort();
  const auto parameters = parse_query(request.query);
  const bool is_openmetrics = prefers_openmetrics(request.headers.get("Accept"));
  const bool is_gzip = accepts_gzip(request.headers.get("Accept-Encoding"));
  return plain_text(parameters ? 200 : 400, is_openmetrics || is_gzip ? "y" : "x");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto router = make_router({{"/metrics", {"GET"}, answer}});
  const Headers headers{{"Accept", text}, {"accept-encoding", text}, {text, text}};
  for (const std::string& path : {std::string("/metrics"), decode_path(text).value_or(text)}) {
    for (const std::string& method : {std::string("HEAD"), text}) {
      const Response response = router({method, path, text, headers, {}});
      if (response.status < 200 || response.status > 499 || !response.bytes()) std::abort();
    }
  }
  const auto parsed = cgroup2::base::parse_address(text);
  if (parsed.problem.empty() &&
      cgroup2::base::parse_address(to_string(parsed.address)).address != parsed.address)
    std::abort();
  return 0;
}
