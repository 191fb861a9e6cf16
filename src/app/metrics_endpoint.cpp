// SPDX-License-Identifier: Apache-2.0
#include "app/metrics_endpoint.h"

#include <string>

#include "exposition/text.h"

namespace cgroup2::app {

http::Response MetricsEndpoint::answer(const http::Request& request) {
  const auto parsed = parse_scrape(request);
  if (!parsed.problem.empty()) return http::plain_text(400, parsed.problem + "\n");
  auto response = answer_scrape(parsed.scrape);
  response.headers.add("Vary", "Accept, Accept-Encoding");
  return response;
}

http::Response MetricsEndpoint::answer_scrape(const Scrape& scrape) {
  const auto snapshot = fresh_(scrape.max_wait);
  if (!snapshot) return http::plain_text(503, "no recent snapshot: reading cgroups timed out\n");
  const auto chosen = choose_collectors(scrape, snapshot->enabled);
  if (!chosen.problem.empty()) return http::plain_text(400, chosen.problem + "\n");

  http::Response response;
  response.content_type = exposition::content_type(scrape.format);
  const auto now = std::chrono::steady_clock::now();
  const http::Stream stream = [this, snapshot, collectors = chosen.collectors,
                               format = scrape.format, now](const base::Sink& sink) {
    write(sink, *snapshot, collectors, format, now);
  };
  if (scrape.takes_gzip) {
    response.body = rendering_.packed(snapshot, chosen.collectors, scrape.format, now, stream);
    response.headers.add("Content-Encoding", "gzip");
  } else {
    response.body = stream;
  }
  return response;
}

void MetricsEndpoint::write(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                            const cgroup::CollectorSet& collectors, exposition::Format format,
                            std::chrono::steady_clock::time_point now) {
  exposition::write_snapshot(sink, snapshot, *labels_.of(snapshot), *ledger_.of(snapshot.ledger),
                             collectors, format);
  std::string rest;
  exposition::append_families(rest, telemetry_.collect(now - snapshot.begun), format);
  exposition::append_end(rest, format);
  sink(rest);
}

}  // namespace cgroup2::app
