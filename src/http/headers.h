// SPDX-License-Identifier: Apache-2.0
// Headers: the fields of an HTTP message. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cgroup2::http {

/// Fields in the order in which they were added. The case of a name does not count.
class Headers {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
  }

  /// Adds a field. The value of a further field of the same name is joined to that of the first by
  /// ", ", as RFC 9110 section 5.2 says.
  void add(std::string_view name, std::string_view value);

  /// Returns the value of that name; empty if there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const;

  /// Returns all fields; a name is spelled as it was added first.
  [[nodiscard]] const Fields& all() const { return fields_; }

 private:
  Fields fields_;
};

}  // namespace cgroup2::http
