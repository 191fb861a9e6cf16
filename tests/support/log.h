// SPDX-License-Identifier: Apache-2.0
// RecordingLog: a Log whose lines a test can look at.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"

namespace cgroup2::test {

class RecordingLog : public base::Log {
 public:
  struct Line {
    base::LogLevel level;
    std::string text;  ///< message and " key=value" for each field
  };

  void write(base::LogLevel level, std::string_view message,
             std::initializer_list<base::LogField> fields) noexcept override {
    std::string text(message);
    for (const auto& field : fields) {
      text += ' ';
      text += field.key;
      text += '=';
      text += field.value;
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back({level, std::move(text)});
  }

  [[nodiscard]] std::vector<Line> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Line> lines_;
};

}  // namespace cgroup2::test
