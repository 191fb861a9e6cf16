// SPDX-License-Identifier: Apache-2.0
// App: the composition root. Builds and owns the parts, and with them the threads.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "app/logger.h"
#include "app/metrics_endpoint.h"
#include "app/pages.h"
#include "app/reload_requests.h"
#include "app/signals.h"
#include "app/telemetry.h"
#include "app/web_settings.h"
#include "base/task_thread.h"
#include "config/load.h"
#include "machine/filesystem_thread.h"
#include "peaks/recent_peaks.h"
#include "sandbox/sandbox.h"
#include "snapshot/builder.h"
#include "snapshot/poller.h"

namespace cgroup2::app {

/// Polls once and writes the cgroups' families in text 0.0.4. The exporter's own metrics are left
/// out: they say nothing about one poll, and would differ from run to run. Throws
/// std::runtime_error if there is nothing to read.
void print_once(const config::Config& config, std::ostream& out);

/// The running daemon.
class App {
 public:
  /// Opens the host's trees. Throws std::runtime_error if that is not possible.
  App(const Signals& signals, config::CommandLine command_line, config::Config config);
  ~App() = default;
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Polls, listens and serves until SIGTERM or SIGINT; SIGHUP reloads, and a change of the web
  /// configuration reloads that. Called once; the calling thread keeps few rights, for ever (see
  /// Sandbox). Throws std::runtime_error if it cannot listen.
  void serve();

 private:
  [[nodiscard]] peaks::RunOpener make_peak_opener();
  [[nodiscard]] int act_until_end();
  [[nodiscard]] std::vector<std::string> reload();
  [[nodiscard]] std::vector<std::string> try_reload();

  const Signals& signals_;
  const config::CommandLine command_line_;
  const config::Config config_;  // as of the start; a reload changes the parts, not this
  ReloadRequests reload_requests_{Signals::send_hangup};
  Logger logger_;
  snapshot::Roots roots_;
  sandbox::Sandbox sandbox_;
  base::TaskThread prober_{[this] { sandbox_.enter(sandbox::Role::prober); }};
  std::optional<base::TaskThread> peak_opener_;  // if the collector memory_recent_peak is on
  machine::FilesystemThread filesystems_{[this] { sandbox_.enter(sandbox::Role::filesystems); }};
  Telemetry telemetry_;
  WebSettings web_;
  MetricsEndpoint metrics_;
  Pages pages_;
  snapshot::Poller poller_;  // last: its threads use the logger, the telemetry and the pages
};

}  // namespace cgroup2::app
