// SPDX-License-Identifier: Apache-2.0
// HostSource: the host as the poller polls it. Each snapshot is shown to the exporter's own metrics
// and to the pages.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "app/pages.h"
#include "app/resident_memory.h"
#include "app/telemetry.h"
#include "sandbox/sandbox.h"
#include "snapshot/builder.h"
#include "snapshot/poll_source.h"

namespace cgroup2::app {

/// Keeps references to all but the builder.
class HostSource final : public snapshot::PollSource {
 public:
  HostSource(std::unique_ptr<snapshot::Builder> builder, Telemetry& telemetry, Pages& pages,
             sandbox::Sandbox& sandbox)
      : builder_(std::move(builder)), telemetry_(telemetry), pages_(pages), sandbox_(sandbox) {}

  void begin_thread() override { sandbox_.enter(sandbox::Role::poller); }

  void start(std::function<void()> wake) override { builder_->start(std::move(wake)); }
  void apply(snapshot::Settings settings) override { builder_->apply(std::move(settings)); }
  [[nodiscard]] std::shared_ptr<const snapshot::Snapshot> build() override {
    auto snapshot = builder_->build();
    telemetry_.observe(*snapshot);
    telemetry_.observe(sandbox_.states());
    pages_.observe(*snapshot);
    trim_now_and_then();
    return snapshot;
  }
  void scan() override { builder_->scan(); }

 private:
  using Clock = std::chrono::steady_clock;

  void trim_now_and_then() {
    const auto now = Clock::now();
    if (now < next_trim_) return;
    next_trim_ = now + std::chrono::minutes(1);
    give_memory_back();
  }

  Clock::time_point next_trim_{};
  const std::unique_ptr<snapshot::Builder> builder_;
  Telemetry& telemetry_;
  Pages& pages_;
  sandbox::Sandbox& sandbox_;
};

}  // namespace cgroup2::app
