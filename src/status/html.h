// SPDX-License-Identifier: Apache-2.0
// Html: markup under construction. What comes from elsewhere, cgroup names above all, can only be
// written as text: markup is what stands in the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cgroup2::status {

/// A piece of markup. Only a literal becomes one, which the compiler checks.
class Markup {
 public:
  template <std::size_t size>
  // NOLINTNEXTLINE(google-explicit-constructor): so that a literal can be passed as it is
  consteval Markup(const char (&literal)[size]) : text_(literal, size - 1) {}

  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// Appends to a string of its own. Belongs to one thread.
class Html {
 public:
  Html& add(Markup markup) {
    text_ += markup.text();
    return *this;
  }

  /// Appends text that is shown as it is: in an element, or in an attribute between double quotes.
  /// Expects UTF-8 without control characters (base::to_text). Characters that are not seen but
  /// change how others are shown, U+202E for example, become "[U+202E]".
  Html& text(std::string_view text);

  /// Appends the value of a parameter of a query, percent-encoded; '/' stays as it is.
  Html& parameter(std::string_view value);

  Html& number(std::uint64_t value);

  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] std::string take() { return std::move(text_); }
  void reserve(std::size_t bytes) { text_.reserve(bytes); }

 private:
  std::string text_;
};

}  // namespace cgroup2::status
