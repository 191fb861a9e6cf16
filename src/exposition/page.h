// SPDX-License-Identifier: Apache-2.0
// Page: the piece of a body that is being written. The text of 1,000 cgroups is 34 MB; it never
// stands in memory as a whole.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/sink.h"

namespace cgroup2::exposition {

/// Hands on what was written when the next line does not fit behind it. What is written after the
/// end of interest goes nowhere. flush() ends it.
class Page {
 public:
  static constexpr std::size_t size = std::size_t{64} << 10;

  explicit Page(const base::Sink& sink)
      : sink_(sink), text_(std::make_unique_for_overwrite<char[]>(size)), end_(text_.get()) {}

  /// Returns where up to `bytes`, which are at most `size`, may be written; written_to() then says
  /// where that ended.
  [[nodiscard]] char* reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(text_.get() + size - end_) < bytes) flush();
    return end_;
  }
  void written_to(char* end) { end_ = end; }

  /// Writes text of any length.
  void add(std::string_view text);

  /// Hands on what there is.
  void flush();

  [[nodiscard]] bool is_wanted() const { return is_wanted_; }

 private:
  const base::Sink& sink_;
  std::unique_ptr<char[]> text_;
  char* end_;
  bool is_wanted_ = true;
};

}  // namespace cgroup2::exposition
