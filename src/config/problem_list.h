// SPDX-License-Identifier: Apache-2.0
// ProblemList: what is wrong with a configuration, one line each, of bounded length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cgroup2::config {

class ProblemList {
 public:
  /// Notes "PLACE: TEXT". Those beyond 100 are only counted: a file of 1 MiB may have 350,000.
  void report(std::string_view place, std::string_view text);

  /// Hands the lines over, with one at the end that counts those that were not noted.
  [[nodiscard]] std::vector<std::string> take();

 private:
  std::vector<std::string> lines_;
  std::size_t unreported_ = 0;
};

}  // namespace cgroup2::config
