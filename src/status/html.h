// SPDX-License-Identifier: Apache-2.0
// Html: markup under construction. What comes from elsewhere, cgroup names above all, can only be
// written as text: markup is what stands in the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/sink.h"

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

/// Appends to a string of its own, which take() returns, or hands what is written to a sink piece
/// by piece, so that a page is never in memory as a whole. Belongs to one thread.
class Html {
 public:
  static constexpr std::size_t piece_bytes = std::size_t{64} << 10;

  Html() = default;
  /// Keeps a reference to the sink. flush() ends the page.
  explicit Html(const base::Sink& sink) : sink_(&sink) {}

  Html& add(Markup markup) { return append(markup.text()); }

  /// Appends text that is shown as it is: in an element, or in an attribute between double quotes.
  /// Callers pass what base::to_text() or base::to_label() returned, and words of the source. What
  /// comes otherwise all the same, names in a state file of another version for example, goes
  /// through base::to_text().
  Html& text(std::string_view text);

  /// Appends the value of a parameter of a query, percent-encoded; '/' stays as it is.
  Html& parameter(std::string_view value);

  Html& number(std::uint64_t value);

  [[nodiscard]] std::string take() { return std::move(text_); }

  /// Hands on what the sink has not got yet.
  void flush();

  /// Whether the sink takes more. What is written after that goes nowhere.
  [[nodiscard]] bool is_wanted() const { return is_wanted_; }

 private:
  Html& escape(std::string_view text);
  Html& append(std::string_view text) {
    text_ += text;
    if (sink_ != nullptr && text_.size() >= piece_bytes) flush();
    return *this;
  }

  const base::Sink* sink_ = nullptr;
  bool is_wanted_ = true;
  std::string text_;
};

}  // namespace cgroup2::status
