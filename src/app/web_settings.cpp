// SPDX-License-Identifier: Apache-2.0
#include "app/web_settings.h"

#include <exception>
#include <stdexcept>
#include <utility>

namespace cgroup2::app {
namespace {

// Adds what is wrong with certificates and keys to the problems of the file.
void check_tls(config::WebFile& file, const std::string& path) {
  if (!file.problems.empty() || !file.config.tls) return;
  try {
    const http::TlsContext tls(*file.config.tls);
  } catch (const std::exception& problem) {
    file.problems.push_back(path + ": tls_server_config." + problem.what());
  }
}

}  // namespace

std::vector<std::string> web_problems(const std::string& path) {
  if (path.empty()) return {};
  auto file = config::read_web_file(path);
  check_tls(file, path);
  return std::move(file.problems);
}

WebSettings::WebSettings(std::string path, Telemetry& telemetry, base::Log& log)
    : path_(std::move(path)), telemetry_(telemetry), log_(log) {
  if (!has_file()) return;
  const auto file = read();
  if (!file.problems.empty()) throw std::runtime_error(file.problems.front());
  if (file.config.tls) tls_ = std::make_shared<http::TlsContext>(*file.config.tls);
  apply(file);
}

std::vector<std::string> WebSettings::reload() {
  if (!has_file()) return {};
  auto file = read();
  if (auto problem = problem_of_change(file.config); problem && file.problems.empty())
    file.problems.push_back(std::move(*problem));
  telemetry_.observe_web_reload(file.problems.empty());
  if (file.problems.empty()) {
    apply(file);
    log_.info("web configuration reloaded", {{"file", path_}});
  } else {
    log_.error(
        "web configuration not reloaded, the old one stays in effect",
        {{"problem", file.problems.front()}, {"problems", std::to_string(file.problems.size())}});
  }
  return std::move(file.problems);
}

void WebSettings::reload_if_changed() {
  if (stamps_of(files_) != stamps_) static_cast<void>(reload());
}

// Takes the stamps before it reads, so that a change in between is seen later. Which files there
// are is known only afterwards: then all are read once more.
config::WebFile WebSettings::read() {
  constexpr int most = 3;  // a file that changes all the time is seen again in a second
  config::WebFile file;
  for (int i = 0; i < most; ++i) {
    stamps_ = stamps_of(files_);
    file = config::read_web_file(path_);
    if (files_ == file.files) break;
    files_ = file.files;
  }
  check_tls(file, path_);
  return file;
}

void WebSettings::apply(const config::WebFile& file) {
  for (const auto& warning : file.warnings) log_.warn("web configuration", {{"warning", warning}});
  if (tls_ != nullptr) tls_->replace(*file.config.tls);
  chain_.apply(file.config);
  has_users_ = !file.config.users.empty();
}

std::optional<std::string> WebSettings::problem_of_change(const config::WebConfig& config) const {
  if (config.tls.has_value() != (tls_ != nullptr))
    return path_ + ": tls_server_config: TLS is switched " + (config.tls ? "on" : "off") +
           " only by a restart";
  // A file that is being written is empty for a moment, and on a full disk it stays so.
  if (has_users_ && config.users.empty())
    return path_ + ": basic_auth_users: authentication is switched off only by a restart";
  return std::nullopt;
}

}  // namespace cgroup2::app
