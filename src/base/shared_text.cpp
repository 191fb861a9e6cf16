// SPDX-License-Identifier: Apache-2.0
#include "base/shared_text.h"

#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>

namespace cgroup2::base {

SharedText::SharedText(std::string_view text) {
  if (text.empty()) return;
  if (text.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::length_error("a text is longer than 4 GiB");
  void* const memory = ::operator new(sizeof(Block) + text.size());
  block_ = new (memory) Block{1, static_cast<std::uint32_t>(text.size())};
  std::memcpy(static_cast<char*>(memory) + sizeof(Block), text.data(), text.size());
}

// The last one sees what the others did before they let go.
void SharedText::release() {
  if (block_ == nullptr || block_->users.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  block_->~Block();
  ::operator delete(block_);
}

}  // namespace cgroup2::base
