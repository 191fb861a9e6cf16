// SPDX-License-Identifier: Apache-2.0
#include "machine/os_release.h"

#include <cstddef>
#include <string_view>

#include "base/label.h"
#include "base/text.h"

namespace cgroup2::machine {

//   PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
std::string read_os_name(const base::Dir& root) {
  constexpr std::size_t max_file_bytes = std::size_t{64} << 10;
  // Tries the target first: /etc/os-release is usually a link to it, and links are not followed.
  auto text = root.read_all_at("usr/lib/os-release", max_file_bytes);
  if (!text) text = root.read_all_at("etc/os-release", max_file_bytes);
  if (!text) return {};
  std::string_view rest = *text;
  while (auto line = base::next_line(rest)) {
    constexpr std::string_view key = "PRETTY_NAME=";
    if (!line->starts_with(key)) continue;
    line->remove_prefix(key.size());
    if (line->size() >= 2 && line->front() == '"' && line->back() == '"')
      *line = line->substr(1, line->size() - 2);
    return base::to_text(*line);
  }
  return {};
}

}  // namespace cgroup2::machine
