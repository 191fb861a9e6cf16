// SPDX-License-Identifier: Apache-2.0
// Pages: what stands behind "/" and "/cgroup".
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/message.h"
#include "http/routes.h"
#include "snapshot/snapshot.h"
#include "status/history.h"
#include "status/page_context.h"

namespace cgroup2::app {

/// Answers with HTML, or one line of text for a wrong question. Any thread.
class Pages {
 public:
  /// A snapshot as a scrape gets it, or an older one, or nothing.
  using Take = std::function<std::shared_ptr<const snapshot::Snapshot>()>;

  Pages(status::HostFacts host, Take take) : host_(std::move(host)), take_(std::move(take)) {}

  /// Takes the counters of each poll, for rates.
  void observe(const snapshot::Snapshot& snapshot) { history_.note(snapshot); }

  [[nodiscard]] http::Response answer_status(const http::PageRequest& request) const;
  [[nodiscard]] http::Response answer_cgroup(const http::PageRequest& request) const;

 private:
  const status::HostFacts host_;
  const Take take_;
  status::History history_;
};

}  // namespace cgroup2::app
