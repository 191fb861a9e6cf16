// SPDX-License-Identifier: Apache-2.0
// Every file of the catalog with any content: no crash, no sample twice, no number that the text
// does not hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "cgroup/fields.h"

namespace {

using namespace cgroup2;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const cgroup::Columns& columns) {
  for (const auto& column : columns.columns) {
    std::map<std::pair<cgroup::Owner, cgroup::LabelId>, int> seen;
    for (const auto& sample : column) require(++seen[{sample.owner, sample.label}] == 1);
  }
}

}  // namespace

// The first byte chooses the file, the rest is its content.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t file = data[0] % catalog::file_count;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  cgroup::Labels labels;
  cgroup::Devices devices(base::Dir(), labels);
  cgroup::Fields fields(file, labels, devices);
  cgroup::Columns columns;
  for (cgroup::Owner owner = 0; owner < 2; ++owner) {
    cgroup::Inputs inputs;
    static_cast<void>(fields.extract(text, {owner, &columns, &inputs}));
  }
  check(columns);
  for (const auto& escaped : *labels.published()) require(escaped.find('\n') == std::string::npos);
  return 0;
}
