// SPDX-License-Identifier: Apache-2.0
// A cgroup path of any bytes: no crash, and labels that cannot inject a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "identity/paths.h"
#include "snapshot/labels.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cgroup2;
  const std::string_view path(reinterpret_cast<const char*>(data), size);
  auto identity = std::make_shared<identity::Identity>();
  identity->owner = identity::parse_path(path);
  const auto cgroup = snapshot::make_cgroup(path, identity);
  for (const auto& block : {cgroup->labels, cgroup->identity_labels}) {
    for (const char c : block) {
      if (static_cast<unsigned char>(c) < 0x20) std::abort();
    }
  }
  return 0;
}
