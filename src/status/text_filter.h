// SPDX-License-Identifier: Apache-2.0
// TextFilter: finds a text in names that others chose.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cgroup2::status {

/// Searches by Knuth, Morris and Pratt: the steps are at most twice the length of a name, whatever
/// is looked for. std::search takes their product: 2,000 long names took minutes. Any thread.
class TextFilter {
 public:
  /// The case of ASCII letters does not count. An empty text is in every name.
  explicit TextFilter(std::string_view wanted);

  [[nodiscard]] bool is_in(std::string_view text) const;
  [[nodiscard]] bool is_empty() const { return wanted_.empty(); }

 private:
  [[nodiscard]] std::size_t advance(std::size_t matched, char c) const;

  std::string wanted_;  // in lower case
  // By the length of a match less 1: how long the next shorter match is that ends at the same
  // place.
  std::vector<std::size_t> shorter_;
};

}  // namespace cgroup2::status
