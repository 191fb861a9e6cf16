// SPDX-License-Identifier: Apache-2.0
#include "http/sender.h"

#include <charconv>

namespace cgroup2::http {

bool Sender::write(std::string_view piece) {
  if (piece.empty() || !is_open_) return is_open_;  // an empty chunk would end the body
  if (is_chunked_) {
    char size[2 * sizeof(std::size_t)];
    add({size, std::to_chars(size, size + sizeof size, piece.size(), 16).ptr});
    add("\r\n");
  }
  add(piece);
  if (is_chunked_) add("\r\n");
  return is_open_;
}

bool Sender::finish(const std::function<void()>& before_end) {
  if (is_chunked_) add("0\r\n\r\n");
  std::string_view rest = pending_;  // not empty: add() keeps at least a byte
  if (has_sent_ && rest.size() > 1) {
    send(rest.substr(0, rest.size() - 1));
    rest.remove_prefix(rest.size() - 1);
  }
  before_end();
  send(rest);
  return is_open_;
}

void Sender::send(std::string_view text) {
  has_sent_ = true;
  is_open_ = is_open_ && send_(text);
}

// Copies only what is smaller than a write.
void Sender::add(std::string_view text) {
  while (pending_.size() + text.size() > max_write_bytes) {
    const auto part = text.substr(0, max_write_bytes - pending_.size());
    text.remove_prefix(part.size());
    if (pending_.empty()) {
      send(part);
    } else {
      send(pending_ += part);
      pending_.clear();
    }
  }
  pending_ += text;
}

}  // namespace cgroup2::http
