// SPDX-License-Identifier: Apache-2.0
// Sender: sends one response in writes of bounded size. The first write has the head and as much of
// the body as fits: a short response is one packet.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/sink.h"

namespace cgroup2::http {

/// Belongs to one thread.
class Sender {
 public:
  static constexpr std::size_t max_write_bytes = 65536;

  /// `is_chunked`: with the framing of RFC 9112, section 7.1, for a body whose size is not known.
  /// `send` takes up to max_write_bytes; after its first false it is not called again.
  Sender(std::string head, bool is_chunked, base::Sink send)
      : pending_(std::move(head)), is_chunked_(is_chunked), send_(std::move(send)) {}

  /// Writes a piece of the body. Returns whether more can be written.
  bool write(std::string_view piece);

  /// Writes the end of the body and what is still buffered. Calls `before_end` before all of an
  /// answer that is one write is sent, and when all but a byte of another one was sent. Returns
  /// whether all was sent.
  [[nodiscard]] bool finish(const std::function<void()>& before_end = [] {});

 private:
  void add(std::string_view text);
  void send(std::string_view text);

  std::string pending_;
  bool is_chunked_;
  bool is_open_ = true;
  bool has_sent_ = false;
  base::Sink send_;
};

}  // namespace cgroup2::http
