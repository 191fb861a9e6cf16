// SPDX-License-Identifier: Apache-2.0
// A file in /proc/PID/net of any bytes; the first line names it: no crash, and no name that the
// text does not hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "fuzz/choice.h"
#include "network/interfaces.h"
#include "network/sockets.h"

namespace {

using namespace cgroup2::network;

void require(bool is_true) {
  if (!is_true) std::abort();
}

void check_dev(std::string_view text) {
  auto lines = interface_lines(text).value_or(text);
  while (const auto line = cgroup2::base::next_line(lines)) {
    const auto interface = parse_interface(*line);
    if (!interface) continue;
    require(!interface->name.empty());
    require(interface->name.find_first_of(" \t\n") == std::string_view::npos);
    require(interface->name.data() >= line->data());
    require(interface->name.data() + interface->name.size() < line->data() + line->size());
  }
}

void check_sockstat(std::string_view text) {
  for (const std::string_view protocol : {"TCP", "UDP", "TCP6", "UDP6"}) {
    const auto counts = parse_sockets(text, protocol);
    const bool has_line = text.find(protocol) != std::string_view::npos;
    require(has_line || (!counts.in_use && !counts.memory));
  }
}

constexpr struct {
  std::string_view name;
  void (*check)(std::string_view);
} parsers[] = {{"dev", check_dev}, {"sockstat", check_sockstat}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [row, text] =
      cgroup2::fuzz::choose(parsers, {reinterpret_cast<const char*>(data), size});
  parsers[row].check(text);
  return 0;
}
