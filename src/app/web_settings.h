// SPDX-License-Identifier: Apache-2.0
// WebSettings: what --web.config.file says, in force for the server and kept up to date.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/file_stamp.h"
#include "app/telemetry.h"
#include "base/log.h"
#include "config/web_file.h"
#include "http/message.h"
#include "http/tls_context.h"
#include "http/web_chain.h"

namespace cgroup2::app {

/// Returns all that is wrong with the file, also with its certificates; nothing for an empty name.
[[nodiscard]] std::vector<std::string> web_problems(const std::string& path);

/// For one thread at a time, beside what wrap() returns.
class WebSettings {
 public:
  /// Reads the file; an empty name means none. Throws std::runtime_error with its first problem.
  /// Telemetry and log outlive it.
  WebSettings(std::string path, Telemetry& telemetry, base::Log& log);

  [[nodiscard]] bool has_file() const { return !path_.empty(); }

  /// Puts the rate limit, the headers and the users before a handler. Outlives what it returns.
  [[nodiscard]] http::Handler wrap(http::Handler handler) {
    return chain_.wrap(std::move(handler));
  }

  /// The settings of TLS, which follow the file; nullptr: plain HTTP, for good.
  [[nodiscard]] const std::shared_ptr<http::TlsContext>& tls() const { return tls_; }

  /// Reads the file, and those that it names, again. Returns its problems, for which all stays as
  /// it is; they are logged and counted.
  [[nodiscard]] std::vector<std::string> reload();

  /// Does so if one of the files changed since it was read.
  void reload_if_changed();

 private:
  [[nodiscard]] config::WebFile read();
  void apply(const config::WebFile& file);
  [[nodiscard]] std::optional<std::string> problem_of_change(const config::WebConfig& config) const;

  const std::string path_;
  Telemetry& telemetry_;
  base::Log& log_;
  http::WebChain chain_;
  std::shared_ptr<http::TlsContext> tls_;
  bool has_users_ = false;
  std::vector<std::string> files_;  // all that was read last
  std::vector<std::optional<FileStamp>> stamps_;
};

}  // namespace cgroup2::app
