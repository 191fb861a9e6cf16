// SPDX-License-Identifier: Apache-2.0
#include "machine/topology.h"

#include <gtest/gtest.h>

#include "support/tree.h"

namespace cgroup2::machine {
namespace {

using Cpus = std::vector<std::uint32_t>;

TEST(ParseCpuList, ReadsNumbersAndRanges) {
  EXPECT_EQ(parse_cpu_list("0-2,8"), (Cpus{0, 1, 2, 8}));
  EXPECT_EQ(parse_cpu_list("5"), Cpus{5});
  EXPECT_EQ(parse_cpu_list(""), Cpus());
}

TEST(ParseCpuList, TakesNothingOfAnotherForm) {
  for (const char* text : {"3-1", "a", "1-", "-1", "1,,2", "0-99999", "0-18446744073709551615"})
    EXPECT_EQ(parse_cpu_list(text), Cpus()) << text;
  std::string often = "0-65535";
  for (int i = 0; i < 3; ++i) often += ",0-65535";
  EXPECT_EQ(parse_cpu_list(often), Cpus());
}

class TopologyTest : public testing::Test {
 protected:
  void add_cpu(int cpu, const std::string& siblings, const std::string& socket) const {
    const auto dir = "devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    files.write(dir + "thread_siblings_list", siblings + "\n");
    files.write(dir + "physical_package_id", socket + "\n");
  }
  std::string counted() {
    topology.refresh(*base::Dir::open(files.path()));
    return std::to_string(topology.cpus()) + ' ' + std::to_string(topology.cores()) + ' ' +
           std::to_string(topology.sockets());
  }

  test::Tree files{{"devices/system/cpu/online", "0-3,6\n"}};
  Topology topology;
};

TEST_F(TopologyTest, CountsThreadsOfOneCoreOnce) {
  for (int cpu : {0, 1}) add_cpu(cpu, "0-1", "0");
  for (int cpu : {2, 3}) add_cpu(cpu, "2-3", "0");
  add_cpu(6, "6", "1");
  add_cpu(7, "7", "2");  // offline
  EXPECT_EQ(counted(), "5 3 2");
}

TEST_F(TopologyTest, ReadsAgainOnlyIfOtherCpusAreOnline) {
  for (int cpu : {0, 1, 2, 3, 6}) add_cpu(cpu, std::to_string(cpu), "0");
  EXPECT_EQ(counted(), "5 5 1");
  add_cpu(6, "3,6", "0");
  add_cpu(3, "3,6", "0");
  EXPECT_EQ(counted(), "5 5 1");
  files.write("devices/system/cpu/online", "0-1\n");
  EXPECT_EQ(counted(), "2 2 1");
}

TEST_F(TopologyTest, KnowsTheCpusAloneWhereTheHostHasNoMore) { EXPECT_EQ(counted(), "5 0 0"); }

TEST_F(TopologyTest, KnowsNothingWithoutSysfs) {
  topology.refresh(base::Dir());
  EXPECT_EQ(topology.cpus(), 0U);
}

}  // namespace
}  // namespace cgroup2::machine
