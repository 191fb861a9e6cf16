// SPDX-License-Identifier: Apache-2.0
// Log: where every module reports what somebody should see. The application puts spdlog behind it,
// tests a vector.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace cgroup2::base {

enum class LogLevel { debug, info, warn, error };

/// One key and value beside the message of a log line. The key is a literal word, the value may
/// hold anything.
struct LogField {
  std::string_view key;
  std::string value;
};

/// A sink for log lines. write() may be called from every thread and does not throw.
class Log {
 public:
  virtual ~Log() = default;

  virtual void write(LogLevel level, std::string_view message,
                     std::initializer_list<LogField> fields) noexcept = 0;

  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) noexcept {
    write(LogLevel::debug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) noexcept {
    write(LogLevel::info, message, fields);
  }
  void warn(std::string_view message, std::initializer_list<LogField> fields = {}) noexcept {
    write(LogLevel::warn, message, fields);
  }
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) noexcept {
    write(LogLevel::error, message, fields);
  }
};

}  // namespace cgroup2::base
