// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or the errno of the system call that failed. C++20 has no std::expected.
#pragma once

#include <cassert>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

namespace cgroup2::base {

/// An errno value and what was being done, as a string literal: making one allocates nothing,
/// because most errors here are files that are normally absent.
struct Error {
  int code = 0;
  const char* doing = "";

  /// Returns "open directory: Permission denied", for a log line or an exception.
  [[nodiscard]] std::string message() const {
    return std::string(doing) + ": " + std::generic_category().message(code);
  }
};

/// Either a T or an Error. The caller asks has_value() first; reading the other side is a bug
/// (assert).
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(error) {}         // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return content_.index() == 0; }
  [[nodiscard]] explicit operator bool() const { return has_value(); }

  [[nodiscard]] T& value() & {
    assert(has_value());
    return *std::get_if<0>(&content_);
  }
  [[nodiscard]] T&& value() && { return std::move(value()); }
  [[nodiscard]] const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&content_);
  }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(value()); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const {
    assert(!has_value());
    return *std::get_if<1>(&content_);
  }

 private:
  std::variant<T, Error> content_;
};

}  // namespace cgroup2::base
