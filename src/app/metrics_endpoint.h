// SPDX-License-Identifier: Apache-2.0
// MetricsEndpoint: answers scrapes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "app/rendering.h"
#include "app/scrape.h"
#include "app/telemetry.h"
#include "catalog/identity_label.h"
#include "exposition/cadvisor_blocks.h"
#include "exposition/label_blocks.h"
#include "exposition/ledger.h"
#include "http/message.h"
#include "snapshot/snapshot.h"

namespace cgroup2::app {

/// Any thread. Outlives its responses, which may be streams that it makes.
class MetricsEndpoint {
 public:
  /// Returns a snapshot that is new enough, waiting for it at most so long, or nothing.
  using FreshSnapshot = std::function<std::shared_ptr<const snapshot::Snapshot>(
      std::optional<std::chrono::milliseconds> max_wait)>;

  /// Keeps a reference to `telemetry`, whose families follow those of the cgroups.
  MetricsEndpoint(catalog::IdentityLabelSet labels_on_series, const Telemetry& telemetry,
                  FreshSnapshot fresh)
      : labels_(labels_on_series), telemetry_(telemetry), fresh_(std::move(fresh)) {}

  /// Answers with the metrics in the format that the client prefers; 400 for a wrong query, 503
  /// without a snapshot.
  [[nodiscard]] http::Response answer(const http::Request& request);

  /// Answers the same under cAdvisor's names, always in text.
  [[nodiscard]] http::Response answer_cadvisor(const http::Request& request);

  /// Takes other labels for the series, from the next answer on.
  void set_labels_on_series(catalog::IdentityLabelSet labels) { labels_.set_on_series(labels); }

 private:
  [[nodiscard]] http::Response answer_scrape(const Scrape& scrape);
  void write(const base::Sink& sink, const snapshot::Snapshot& snapshot, const Extract& extract,
             std::chrono::steady_clock::time_point now);
  void write_cadvisor(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                      const Extract& extract);

  exposition::PreparedLabels labels_;
  exposition::PreparedLedger ledger_;
  exposition::PreparedCadvisor cadvisor_;
  Rendering rendering_;
  const Telemetry& telemetry_;
  const FreshSnapshot fresh_;
};

}  // namespace cgroup2::app
