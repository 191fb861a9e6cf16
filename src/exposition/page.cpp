// SPDX-License-Identifier: Apache-2.0
#include "exposition/page.h"

#include <algorithm>

namespace cgroup2::exposition {

void Page::add(std::string_view text) {
  while (!text.empty()) {
    const auto part = text.substr(0, size);
    written_to(std::ranges::copy(part, reserve(part.size())).out);
    text.remove_prefix(part.size());
  }
}

void Page::flush() {
  const std::string_view text(text_.get(), end_);
  end_ = text_.get();
  if (is_wanted_ && !text.empty()) is_wanted_ = sink_(text);
}

}  // namespace cgroup2::exposition
