// SPDX-License-Identifier: Apache-2.0
// Logger: the Log of the running program, spdlog on stderr, as logfmt or JSON.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"
#include "config/config.h"

namespace cgroup2::app {

/// One line as logfmt (`level=info msg="…" key=value`), without time and newline. Values are quoted
/// where needed; control characters are escaped.
[[nodiscard]] std::string to_logfmt(base::LogLevel level, std::string_view message,
                                    std::initializer_list<base::LogField> fields);

/// The same as the members of a JSON object, without braces.
[[nodiscard]] std::string to_json(base::LogLevel level, std::string_view message,
                                  std::initializer_list<base::LogField> fields);

/// Writes to stderr, one line per call. Any thread.
class Logger : public base::Log {
 public:
  explicit Logger(const config::Config::Logging& logging);
  ~Logger() override;

  void write(base::LogLevel level, std::string_view message,
             std::initializer_list<base::LogField> fields) noexcept override;

  /// Changes the least level that is written. Any thread.
  void set_level(base::LogLevel level);

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace cgroup2::app
