// SPDX-License-Identifier: Apache-2.0
#include "app/logger.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/label.h"

namespace cgroup2::app {
namespace {

std::string_view to_string(base::LogLevel level) {
  switch (level) {
    case base::LogLevel::debug:
      return "debug";
    case base::LogLevel::info:
      return "info";
    case base::LogLevel::warn:
      return "warn";
    case base::LogLevel::error:
      return "error";
  }
  return "error";
}

spdlog::level::level_enum to_spdlog(base::LogLevel level) {
  switch (level) {
    case base::LogLevel::debug:
      return spdlog::level::debug;
    case base::LogLevel::info:
      return spdlog::level::info;
    case base::LogLevel::warn:
      return spdlog::level::warn;
    case base::LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Between quotes, as JSON wants it; logfmt readers take the same. Cleans the text, so
// that no byte of it acts on a terminal.
std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : base::to_text(text)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

bool is_bare_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '=' && c != '\\';
  });
}

}  // namespace

std::string to_logfmt(base::LogLevel level, std::string_view message,
                      std::initializer_list<base::LogField> fields) {
  std::string line = fmt::format("level={} msg={}", to_string(level), quote(message));
  for (const auto& field : fields) {
    line += fmt::format(" {}={}", field.key,
                        is_bare_word(field.value) ? field.value : quote(field.value));
  }
  return line;
}

std::string to_json(base::LogLevel level, std::string_view message,
                    std::initializer_list<base::LogField> fields) {
  std::string line = fmt::format("\"level\":\"{}\",\"msg\":{}", to_string(level), quote(message));
  for (const auto& field : fields)
    line += fmt::format(",{}:{}", quote(field.key), quote(field.value));
  return line;
}

struct Logger::Sink {
  spdlog::logger logger;
  config::LogFormat format;
};

Logger::Logger(const config::Config::Logging& logging)
    : sink_(new Sink{spdlog::logger("exporter", std::make_shared<spdlog::sinks::stderr_sink_mt>()),
                     logging.format}) {
  const bool is_json = logging.format == config::LogFormat::json;
  sink_->logger.set_pattern(
      is_json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ",%v})" : "ts=%Y-%m-%dT%H:%M:%S.%eZ %v",
      spdlog::pattern_time_type::utc);
  sink_->logger.flush_on(spdlog::level::trace);
  set_level(logging.level);
}

Logger::~Logger() = default;

void Logger::set_level(base::LogLevel level) { sink_->logger.set_level(to_spdlog(level)); }

void Logger::write(base::LogLevel level, std::string_view message,
                   std::initializer_list<base::LogField> fields) noexcept {
  try {
    if (!sink_->logger.should_log(to_spdlog(level))) return;
    const bool is_json = sink_->format == config::LogFormat::json;
    sink_->logger.log(
        to_spdlog(level), "{}",
        is_json ? to_json(level, message, fields) : to_logfmt(level, message, fields));
  } catch (...) {  // NOLINT(bugprone-empty-catch)
    // There is no better place to report a log line that cannot be written.
  }
}

}  // namespace cgroup2::app
