// SPDX-License-Identifier: Apache-2.0
// Header fields and queries of any bytes: no crash, and an answer for every request.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/routes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cgroup2::http;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Actions actions;
  actions.metrics = [](const Scrape& scrape) {
    if (!scrape.collect.empty() && !scrape.exclude.empty()) std::abort();
    return Response{200, "text/plain", "x 1\n", {}};
  };
  actions.status_page = [](const PageRequest&) { return Response{}; };
  actions.cgroup_page = [](const PageRequest&) { return Response{}; };
  actions.is_ready = [] { return true; };
  actions.reload = [] { return Response{}; };
  Routes routes({}, actions);
  for (const std::string& path : {std::string("/metrics"), text}) {
    const Response response = routes.answer({"GET", path, text, text, text});
    if (response.status < 200 || response.status > 599) std::abort();
  }
  return 0;
}
