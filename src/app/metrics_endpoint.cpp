// SPDX-License-Identifier: Apache-2.0
#include "app/metrics_endpoint.h"

#include <string>

#include "exposition/cadvisor_machine.h"
#include "exposition/cadvisor_text.h"
#include "exposition/text.h"

namespace cgroup2::app {

http::Response MetricsEndpoint::answer(const http::Request& request) {
  const auto parsed = parse_scrape(request);
  if (!parsed.problem.empty()) return http::plain_text(400, parsed.problem + "\n");
  auto response = answer_scrape(parsed.scrape);
  response.headers.add("Vary", "Accept, Accept-Encoding");
  return response;
}

http::Response MetricsEndpoint::answer_cadvisor(const http::Request& request) {
  const auto parsed = parse_cadvisor_scrape(request);
  if (!parsed.problem.empty()) return http::plain_text(400, parsed.problem + "\n");
  auto response = answer_scrape(parsed.scrape);
  response.headers.add("Vary", "Accept-Encoding");
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
  const Extract extract{chosen.collectors, scrape.format, scrape.cadvisor};
  const http::Stream stream = [this, snapshot, extract, now](const base::Sink& sink) {
    if (extract.cadvisor) {
      write_cadvisor(sink, *snapshot, extract);
    } else {
      write(sink, *snapshot, extract, now);
    }
  };
  if (scrape.takes_gzip) {
    response.body = rendering_.packed(snapshot, extract, now, stream);
    response.headers.add("Content-Encoding", "gzip");
  } else {
    response.body = stream;
  }
  return response;
}

void MetricsEndpoint::write(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                            const Extract& extract, std::chrono::steady_clock::time_point now) {
  exposition::write_snapshot(sink, snapshot, *labels_.of(snapshot), *ledger_.of(snapshot.ledger),
                             extract.collectors, extract.format);
  std::string rest;
  exposition::append_families(rest, telemetry_.collect(now - snapshot.begun), extract.format);
  exposition::append_end(rest, extract.format);
  sink(rest);
}

void MetricsEndpoint::write_cadvisor(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                                     const Extract& extract) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  exposition::write_cadvisor(sink, snapshot, *cadvisor_.of(snapshot, *extract.cadvisor),
                             extract.collectors,
                             std::chrono::duration_cast<std::chrono::seconds>(now));
  std::string of_machine;
  exposition::append_machine(of_machine, *snapshot.machine);
  sink(of_machine);
}

}  // namespace cgroup2::app
