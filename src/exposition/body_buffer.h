// SPDX-License-Identifier: Apache-2.0
// BodyBuffer: the piece of a body that is being written. The text of 1,000 cgroups is 34 MB; it
// never stands in memory as a whole.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/sink.h"

namespace cgroup2::exposition {

/// Writes the text to `at` and returns where it ends.
[[nodiscard]] inline char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// Hands on what was written when the next line does not fit behind it. What is written after the
/// end of interest goes nowhere. flush() ends it.
class BodyBuffer {
 public:
  static constexpr std::size_t size = std::size_t{64} << 10;

  explicit BodyBuffer(const base::Sink& sink)
      : sink_(sink), text_(std::make_unique_for_overwrite<char[]>(size)), end_(text_.get()) {}

  /// Writes text of any length.
  void add(std::string_view text);

  /// Has `write` write up to `bound` bytes to where it is told. It returns where they end.
  template <class Write>
  void add(std::size_t bound, const Write& write) {
    if (bound <= size) [[likely]] {
      end_ = write(reserve(bound));
    } else {
      std::string line(bound, '\0');
      line.resize(static_cast<std::size_t>(write(line.data()) - line.data()));
      add(line);
    }
  }

  /// Hands on what there is.
  void flush();

  [[nodiscard]] bool is_wanted() const { return is_wanted_; }

 private:
  // Returns where up to `bytes`, which are at most `size`, may be written.
  [[nodiscard]] char* reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(text_.get() + size - end_) < bytes) flush();
    return end_;
  }

  const base::Sink& sink_;
  std::unique_ptr<char[]> text_;
  char* end_;
  bool is_wanted_ = true;
};

}  // namespace cgroup2::exposition
