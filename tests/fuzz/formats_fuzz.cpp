// SPDX-License-Identifier: Apache-2.0
// Every file of the catalog with any content: no crash, no sample twice, no label that a line of
// the exposition could not hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cgroup/file_plan.h"
#include "fuzz/choice.h"

namespace {

using namespace cgroup2;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Plans {
  Plans() {
    for (std::size_t row = 0; row < catalog::file_count; ++row) {
      const std::string name(catalog::files[row].name);
      const bool has_star = name.find('*') != std::string::npos;
      const cgroup::InterfaceFile file{row, name, has_star ? "2MB" : ""};
      of_row.push_back(std::make_unique<cgroup::FilePlan>(file, everything, labels, devices));
    }
  }

  const cgroup::Selection everything{cgroup::CollectorSet().set(), {}};
  cgroup::LabelTable labels;
  cgroup::Devices devices{base::Dir(), labels};
  std::vector<std::unique_ptr<cgroup::FilePlan>> of_row;
};

void check(const cgroup::Columns& columns, const std::vector<std::string>& labels) {
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    const auto& column = columns.columns[i];
    if (column.empty()) continue;
    const auto names = catalog::label_names(catalog::metrics[i]);
    std::set<std::pair<cgroup::CgroupIndex, cgroup::LabelIds>> seen;
    for (const auto& sample : column) {
      require(seen.emplace(sample.cgroup, sample.labels).second);
      for (std::size_t at = 0; at < names.size(); ++at) {
        require(names[at].empty() == (sample.labels[at] == cgroup::no_label));
        require(names[at].empty() || labels[sample.labels[at]].find('\n') == std::string::npos);
      }
    }
  }
}

}  // namespace

// The first line names the file, the rest is its content. The plans live from run to run as they
// do from poll to poll.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static auto plans = std::make_unique<Plans>();
  static cgroup::Columns columns;
  if (plans->labels.is_crowded()) plans = std::make_unique<Plans>();
  const auto [row, text] =
      fuzz::choose(catalog::files, {reinterpret_cast<const char*>(data), size});
  cgroup::FilePlan& plan = *plans->of_row[row];
  for (auto& column : columns.columns) column.clear();
  for (cgroup::CgroupIndex index = 0; index < 2; ++index) {
    cgroup::Inputs inputs;
    static_cast<void>(plan.extract(text, {index, &columns, &inputs}));
  }
  check(columns, *plans->labels.published());
  return 0;
}
