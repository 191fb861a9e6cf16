// SPDX-License-Identifier: Apache-2.0
#include "exposition/body_buffer.h"

namespace cgroup2::exposition {

void BodyBuffer::add(std::string_view text) {
  while (!text.empty()) {
    const auto part = text.substr(0, size);
    end_ = put(reserve(part.size()), part);
    text.remove_prefix(part.size());
  }
}

void BodyBuffer::flush() {
  const std::string_view text(text_.get(), end_);
  end_ = text_.get();
  if (is_wanted_ && !text.empty()) is_wanted_ = sink_(text);
}

}  // namespace cgroup2::exposition
