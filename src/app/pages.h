// SPDX-License-Identifier: Apache-2.0
// Pages: answers "/" and "/cgroup".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "app/host_facts.h"
#include "base/sink.h"
#include "http/message.h"
#include "snapshot/snapshot.h"
#include "status/history.h"
#include "status/page_context.h"

namespace cgroup2::app {

/// Answers with HTML, or with one line of text: 400 for a wrong query, 404 if the pages are
/// switched off. Any thread. Outlives its responses, which may be streams that it makes.
class Pages {
 public:
  /// Polls if need be, as for a scrape, and returns the snapshot; if that takes too long the latest
  /// one, or nothing before the first.
  using FreshOrLatest = std::function<std::shared_ptr<const snapshot::Snapshot>()>;

  Pages(status::HostFacts host, FreshOrLatest fresh_or_latest, bool is_on = true)
      : host_(std::move(host)), fresh_or_latest_(std::move(fresh_or_latest)), is_on_(is_on) {}

  /// Notes the counters of each poll, for rates, and what the process costs: where there is a
  /// sandbox, the thread that polls may read that alone.
  void observe(const snapshot::Snapshot& snapshot);

  [[nodiscard]] http::Response answer_status(const http::Request& request) const;
  [[nodiscard]] http::Response answer_cgroup(const http::Request& request) const;

 private:
  using WritePage = std::function<void(const base::Sink&, const status::PageContext&)>;

  [[nodiscard]] status::Self self() const;
  [[nodiscard]] http::Response answer_off() const;
  [[nodiscard]] http::Stream stream(std::shared_ptr<const snapshot::Snapshot> snapshot,
                                    WritePage write) const;

  const status::HostFacts host_;
  const FreshOrLatest fresh_or_latest_;
  const bool is_on_;
  const std::optional<std::uint64_t> capabilities_ = read_capabilities();  // of the start
  status::History history_;
  mutable std::mutex mutex_;  // guards the following
  status::Self self_ = describe_self(capabilities_);
};

}  // namespace cgroup2::app
