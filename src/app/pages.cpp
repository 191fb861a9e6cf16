// SPDX-License-Identifier: Apache-2.0
#include "app/pages.h"

#include <cstddef>
#include <utility>

#include "app/host_facts.h"
#include "http/gzip.h"
#include "http/negotiation.h"
#include "http/query.h"
#include "status/cgroup_page.h"
#include "status/page.h"
#include "status/style.h"
#include "status/view.h"

namespace cgroup2::app {
namespace {

struct PageQuery {
  http::Parameters parameters;
  bool takes_gzip;
};

http::Response html(int status, http::Stream text, const PageQuery& query) {
  http::Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.headers.add("Content-Security-Policy", status::content_security_policy());
  response.headers.add("Cache-Control", "no-store");
  if (query.takes_gzip) {
    response.headers.add("Content-Encoding", "gzip");
    text = http::gzip_stream(std::move(text));
  }
  response.body = std::move(text);
  return response;
}

http::Response html(int status, std::string text, const PageQuery& query) {
  return html(
      status, [text = std::move(text)](const base::Sink& sink) { sink(text); }, query);
}

/// Answers with what `make` returns for the parsed query.
http::Response answer(const http::Request& request, const auto& make) {
  // Has room for a path of 4096 bytes, each of which may be sent as three.
  constexpr http::QueryBounds bounds{16, std::size_t{3} * 4096 + 16};
  auto parameters = http::parse_query(request.query, bounds);
  if (!parameters) return http::plain_text(400, "invalid query: too long or badly encoded\n");
  const bool takes_gzip = http::accepts_gzip(request.headers.get("Accept-Encoding"));
  http::Response response = make(PageQuery{std::move(*parameters), takes_gzip});
  response.headers.add("Vary", "Accept-Encoding");
  return response;
}

}  // namespace

http::Response Pages::answer_status(const http::Request& request) const {
  if (!is_on_) return answer_off();
  return answer(request, [this](const PageQuery& query) {
    auto asked = status::parse_view(query.parameters);
    if (!asked.problem.empty()) return http::plain_text(400, asked.problem + "\n");
    auto snapshot = fresh_or_latest_();
    if (!snapshot) return html(503, status::render_waiting(host_), query);
    const auto write = [view = std::move(asked.view)](const base::Sink& sink,
                                                      const status::PageContext& context) {
      status::write_page(sink, context, view);
    };
    return html(200, stream(std::move(snapshot), write), query);
  });
}

http::Response Pages::answer_cgroup(const http::Request& request) const {
  if (!is_on_) return answer_off();
  return answer(request, [this](const PageQuery& query) {
    const auto asked = status::parse_cgroup_query(query.parameters);
    if (!asked.problem.empty()) return http::plain_text(400, asked.problem + "\n");
    auto snapshot = fresh_or_latest_();
    if (!snapshot) return html(503, status::render_waiting(host_), query);
    const auto cgroup = status::find_cgroup(*snapshot, asked);
    if (!cgroup) return html(404, status::render_no_cgroup(host_), query);
    const auto write = [cgroup = *cgroup, refresh_seconds = asked.refresh_seconds](
                           const base::Sink& sink, const status::PageContext& context) {
      status::write_cgroup(sink, context, cgroup, refresh_seconds);
    };
    return html(200, stream(std::move(snapshot), write), query);
  });
}

void Pages::observe(const snapshot::Snapshot& snapshot) {
  if (!is_on_) return;
  history_.note(snapshot);
  auto self = describe_self(capabilities_);
  const std::lock_guard lock(mutex_);
  self_ = self;
}

status::Self Pages::self() const {
  const std::lock_guard lock(mutex_);
  return self_;
}

http::Response Pages::answer_off() const {
  return http::plain_text(404, "The status page is off (web.status_page: false). Metrics are at " +
                                   host_.telemetry_path + ".\n");
}

http::Stream Pages::stream(std::shared_ptr<const snapshot::Snapshot> snapshot,
                           WritePage write) const {
  return [this, snapshot = std::move(snapshot), write = std::move(write)](const base::Sink& sink) {
    const auto self = this->self();
    const status::PageContext context(host_, self, *snapshot, history_);
    write(sink, context);
  };
}

}  // namespace cgroup2::app
