// SPDX-License-Identifier: Apache-2.0
// Names and parameters of any bytes: no crash, no markup of theirs, and addresses that read back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/label.h"
#include "status/html.h"
#include "status/view.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cgroup2::status;
  const std::string text(reinterpret_cast<const char*>(data), size);

  Html shown;
  shown.text(text).text(cgroup2::base::to_label(text));
  const std::string written = shown.take();
  if (written.find_first_of("<>\"'") != std::string::npos) std::abort();
  if (!cgroup2::base::is_text(written)) std::abort();
  Html parameter;
  parameter.parameter(text);
  if (parameter.take().find_first_of("<>\"'&=#+ ") != std::string::npos) std::abort();

  for (const char* name : {"by", "sort", "order", "view", "filter", "refresh"}) {
    const std::pair<std::string, std::string> pairs[] = {{name, text}};
    const Asked asked = parse_view(pairs);
    if (asked.problem.find('<') != std::string::npos) std::abort();
    Html address;
    add_address(address, asked.view);
    if (address.take().find_first_of("<>\"' ") != std::string::npos) std::abort();
  }
  return 0;
}
