// SPDX-License-Identifier: Apache-2.0
// Telemetry: the exporter's own metrics, kept by prometheus-cpp.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "exposition/family.h"
#include "http/tls_context.h"
#include "sandbox/sandbox.h"
#include "snapshot/snapshot.h"

namespace cgroup2::app {

/// All methods may be called from every thread.
class Telemetry {
 public:
  Telemetry();
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  /// Takes what a poll says of itself, and reads what the process costs: where there is a sandbox,
  /// the thread that polls may do that alone.
  void observe(const snapshot::Snapshot& snapshot);

  /// Takes what the sandbox holds.
  void observe(const std::vector<sandbox::LayerState>& sandbox);

  /// Takes the outcome of loading the configuration, at start and at each reload.
  void observe_reload(bool is_successful, std::chrono::system_clock::time_point now);

  /// Takes the outcome of loading the web configuration, at each reload.
  void observe_web_reload(bool is_successful);

  /// Shows from now on how many handshakes of a server failed.
  void watch(std::shared_ptr<const http::TlsContext> tls);

  /// The families as of now; `age` is the age of the snapshot that they accompany.
  [[nodiscard]] std::vector<exposition::Family> collect(std::chrono::nanoseconds age) const;

 private:
  struct Metrics;
  std::unique_ptr<Metrics> metrics_;
};

}  // namespace cgroup2::app
