// SPDX-License-Identifier: Apache-2.0
// SharedBody: one large body for many responses: 40 slow clients of a host with 10,000 cgroups hold
// one text, not 40 of 70 MB.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "http/gzip.h"

namespace cgroup2::http {

/// Const and safe to share between threads.
class SharedBody {
 public:
  explicit SharedBody(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& text() const { return text_; }

  /// The gzip form, made by whoever asks first; the others wait. Empty if there was no memory.
  [[nodiscard]] const std::string& packed() const {
    std::call_once(is_packed_, [this] { packed_ = gzip(text_); });
    return packed_;
  }

 private:
  std::string text_;
  mutable std::once_flag is_packed_;
  mutable std::string packed_;
};

}  // namespace cgroup2::http
