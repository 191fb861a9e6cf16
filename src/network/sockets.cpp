// SPDX-License-Identifier: Apache-2.0
#include "network/sockets.h"

#include "base/procfs.h"
#include "base/text.h"

namespace cgroup2::network {

SocketCounts parse_sockets(std::string_view text, std::string_view protocol) {
  SocketCounts counts;
  auto line = base::find_value(text, protocol);
  while (line) {
    const auto word = base::next_token(*line);
    const auto token = word ? base::next_token(*line) : std::nullopt;
    if (!token) break;
    const auto number = base::parse_u64(*token);
    if (*word == "inuse") counts.in_use = number;
    if (*word == "tw") counts.time_wait = number;
    if (*word == "orphan") counts.orphans = number;
    if (*word == "alloc") counts.allocated = number;
    if (*word == "mem") counts.memory = number;
  }
  return counts;
}

}  // namespace cgroup2::network
