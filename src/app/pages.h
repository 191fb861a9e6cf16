// SPDX-License-Identifier: Apache-2.0
// Pages: answers "/" and "/cgroup".
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/message.h"
#include "snapshot/snapshot.h"
#include "status/history.h"
#include "status/page_context.h"

namespace cgroup2::app {

/// Answers with HTML, or with 400 and one line of text for a wrong query. Any thread.
class Pages {
 public:
  /// Returns a snapshot as a scrape gets it, or else an older one, or nothing.
  using LatestSnapshot = std::function<std::shared_ptr<const snapshot::Snapshot>()>;

  Pages(status::HostFacts host, LatestSnapshot latest)
      : host_(std::move(host)), latest_(std::move(latest)) {}

  /// Notes the counters of each poll, for rates.
  void observe(const snapshot::Snapshot& snapshot) { history_.note(snapshot); }

  [[nodiscard]] http::Response answer_status(const http::Request& request) const;
  [[nodiscard]] http::Response answer_cgroup(const http::Request& request) const;

 private:
  const status::HostFacts host_;
  const LatestSnapshot latest_;
  status::History history_;
};

}  // namespace cgroup2::app
