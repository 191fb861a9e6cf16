// SPDX-License-Identifier: Apache-2.0
#include "app/pages.h"

#include <utility>
#include <vector>

#include "app/host_facts.h"
#include "http/gzip.h"
#include "status/cgroup_page.h"
#include "status/page.h"
#include "status/style.h"
#include "status/view.h"

namespace cgroup2::app {
namespace {

std::vector<std::pair<std::string, std::string>> to_pairs(const http::PageRequest& request) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [name, value] : request.parameters) pairs.emplace_back(name, value);
  return pairs;
}

http::Response html(int status, std::string text, const http::PageRequest& request) {
  http::Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.headers.emplace_back("Content-Security-Policy", status::content_security_policy());
  response.headers.emplace_back("Cache-Control", "no-store");
  if (request.gzip) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    text = http::gzip([&text](const base::Sink& sink) { sink(text); });
  }
  response.body = std::move(text);
  return response;
}

}  // namespace

http::Response Pages::answer_status(const http::PageRequest& request) const {
  const auto asked = status::parse_view(to_pairs(request));
  if (!asked.problem.empty()) return http::plain_text(400, asked.problem + "\n");
  const auto snapshot = take_();
  if (!snapshot) return html(503, status::render_waiting(host_), request);
  const auto self = describe_self();
  const status::PageContext context(host_, self, *snapshot, history_);
  return html(200, status::render_page(context, asked.view), request);
}

http::Response Pages::answer_cgroup(const http::PageRequest& request) const {
  const auto query = status::parse_cgroup_query(to_pairs(request));
  if (!query.problem.empty()) return http::plain_text(400, query.problem + "\n");
  const auto snapshot = take_();
  if (!snapshot) return html(503, status::render_waiting(host_), request);
  const auto owner = status::find_cgroup(*snapshot, query);
  if (!owner) return html(404, status::render_no_cgroup(host_), request);
  const auto self = describe_self();
  const status::PageContext context(host_, self, *snapshot, history_);
  return html(200, status::render_cgroup(context, *owner, query.refresh_seconds), request);
}

}  // namespace cgroup2::app
