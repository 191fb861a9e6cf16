// SPDX-License-Identifier: Apache-2.0
#include "app/cold_files.h"

#include <cstddef>
#include <string>
#include <utility>

#include "catalog/catalog.h"

namespace cgroup2::app {

void append_cold_file_misses(const cgroup::ColdFileMisses& misses,
                             std::vector<exposition::Family>& families) {
  exposition::Family family{
      "cgroup_exporter_cold_file_misses_total",
      "Times that what an earlier poll had read of a file was found to be wrong although nothing "
      "told that it changed: it was shown in fewer than 20 polls.",
      exposition::FamilyType::counter,
      {}};
  for (std::size_t i = 0; i < misses.size(); ++i) {
    if (misses[i] == 0) continue;
    family.samples.push_back(
        {"", {{"file", std::string(catalog::files[i].name)}}, static_cast<double>(misses[i])});
  }
  if (!family.samples.empty()) families.push_back(std::move(family));
}

}  // namespace cgroup2::app
