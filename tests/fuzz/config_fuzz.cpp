// SPDX-License-Identifier: Apache-2.0
// A configuration file of any bytes: no crash and no hang.
#include <cstddef>
#include <cstdint>
#include <string>

#include "config/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(
      cgroup2::config::parse_yaml(std::string(reinterpret_cast<const char*>(data), size)));
  return 0;
}
