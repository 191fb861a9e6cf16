// SPDX-License-Identifier: Apache-2.0
// batch-paths.tsv has a row for every shape of jobs.cpp and for builders and platforms of
// paths.cpp, with where the shape is published.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "identity/paths.h"
#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t columns = 9;

std::vector<std::array<std::string, columns>> read_rows() {
  std::ifstream file(CGROUP2_TESTDATA "/batch-paths.tsv");
  std::vector<std::array<std::string, columns>> rows;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    auto& fields = rows.emplace_back();
    std::size_t field = 0;
    for (const char c : line) {
      if (c == '\t') {
        ++field;
      } else {
        fields.at(field) += c;
      }
    }
  }
  return rows;
}

TEST(BatchPaths, AreKnown) {
  const auto rows = read_rows();
  ASSERT_GT(rows.size(), 60u);
  std::set<std::string> runtimes;
  for (const auto& [path, kind, runtime, id, subpath, unit, user_unit, job_user, source] : rows) {
    Workload owner = parse_path(path);
    EXPECT_EQ(to_string(owner.kind), kind) << path;
    owner.kind = WorkloadKind::other;
    Workload expected{.runtime = test::runtime_of(runtime), .container_id = id, .subpath = subpath};
    expected.unit = unit;
    expected.user_unit = user_unit;
    expected.job_user = job_user;
    EXPECT_EQ(owner, expected) << path;
    EXPECT_NE(source, "") << path;
    runtimes.insert(runtime);
  }
  for (const std::string runtime : {"slurm", "htcondor", "pbs", "torque", "flux", "lsf",
                                    "grid-engine", "garden", "mesos", "buildkit"})
    EXPECT_TRUE(runtimes.contains(runtime)) << runtime;
}

// Who is in a container chooses the names below it.
TEST(BatchPaths, AreNoJobsInsideOfAContainer) {
  const std::string container = "/docker/" + std::string(64, 'a');
  for (const auto& row : read_rows()) {
    const Workload owner = parse_path(container + row[0]);
    EXPECT_EQ(owner.runtime, Runtime::docker) << row[0];
    EXPECT_EQ(owner.subpath, row[0].substr(1));
    EXPECT_EQ(owner.job_user, "");
  }
}

TEST(BatchPaths, SurviveEveryByteAtEveryPlace) {
  for (const auto& row : read_rows()) {
    for (std::size_t at = 0; at < row[0].size(); ++at) {
      for (const char byte : {'\0', '/', '.', '-', '_', '@', '[', '0', 'f', 's', 'Z', '\xff'}) {
        auto changed = row[0];
        changed[at] = byte;
        EXPECT_TRUE(changed.ends_with(parse_path(changed).subpath)) << changed;
      }
      EXPECT_LE(parse_path(row[0].substr(0, at)).subpath.size(), at);
    }
  }
}

}  // namespace
}  // namespace cgroup2::identity
