// SPDX-License-Identifier: Apache-2.0
#include "status/label_block.h"

namespace cgroup2::status {

std::optional<Label> next_label(std::string_view& block) {
  const auto name_end = block.find("=\"");
  if (name_end == std::string_view::npos) return std::nullopt;
  Label label{block.substr(0, name_end), {}};
  std::size_t at = name_end + 2;
  for (; at < block.size() && block[at] != '"'; ++at) {
    const bool is_escape = block[at] == '\\';
    if (is_escape && ++at == block.size()) return std::nullopt;
    label.value += is_escape && block[at] == 'n' ? '\n' : block[at];
  }
  if (at >= block.size()) return std::nullopt;
  block.remove_prefix(at + 1);
  if (block.starts_with(',')) block.remove_prefix(1);
  return label;
}

}  // namespace cgroup2::status
