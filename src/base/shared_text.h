// SPDX-License-Identifier: Apache-2.0
// SharedText: a text that does not change, in one block of memory that all of its copies share.
// What is known of a cgroup is kept in many places, and as std::string it was 32 bytes and a copy
// of the characters in each of them.
#pragma once

#include <atomic>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace cgroup2::base {

/// Takes 8 bytes, and a block of 8 bytes and the characters unless it is empty. Different objects
/// may be used on different threads, also if they share a block.
class SharedText {
 public:
  SharedText() = default;
  // Implicit, as those of std::string_view are. NOLINTBEGIN(google-explicit-constructor)
  SharedText(std::string_view text);
  SharedText(const std::string& text) : SharedText(std::string_view(text)) {}
  SharedText(const char* text) : SharedText(std::string_view(text)) {}
  SharedText(const SharedText& other) noexcept : block_(other.block_) { acquire(); }
  SharedText(SharedText&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedText() { release(); }

  [[nodiscard]] std::string_view view() const {
    return block_ == nullptr ? std::string_view() : std::string_view(chars(block_), block_->size);
  }
  operator std::string_view() const { return view(); }
  // NOLINTEND(google-explicit-constructor)
  [[nodiscard]] bool empty() const { return block_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  void clear() { *this = SharedText(); }
  [[nodiscard]] bool starts_with(std::string_view text) const { return view().starts_with(text); }
  [[nodiscard]] bool ends_with(std::string_view text) const { return view().ends_with(text); }

  /// Compares the characters.
  friend bool operator==(const SharedText& a, const SharedText& b) {
    return a.block_ == b.block_ || a.view() == b.view();
  }
  friend std::strong_ordering operator<=>(const SharedText& a, const SharedText& b) {
    return a.block_ == b.block_ ? std::strong_ordering::equal : a.view() <=> b.view();
  }
  template <std::convertible_to<std::string_view> Text>
  requires(!std::same_as<Text, SharedText>) friend bool operator==(const SharedText& a,
                                                                   const Text& b) {
    return a.view() == std::string_view(b);
  }

  friend std::ostream& operator<<(std::ostream& out, const SharedText& text) {
    return out << text.view();
  }

 private:
  // Stands before the characters.
  struct Block {
    std::atomic<std::uint32_t> users;
    std::uint32_t size;
  };

  static const char* chars(const Block* block) { return reinterpret_cast<const char*>(block + 1); }
  void acquire() const {
    if (block_ != nullptr) block_->users.fetch_add(1, std::memory_order_relaxed);
  }
  void release();

  Block* block_ = nullptr;  // nullptr: empty
};
static_assert(sizeof(SharedText) == 8);

}  // namespace cgroup2::base
