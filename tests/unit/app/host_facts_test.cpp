// SPDX-License-Identifier: Apache-2.0
#include "app/host_facts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "support/tree.h"

namespace cgroup2::app {
namespace {

config::Config config_below(const test::Tree& tree) {
  config::Config config;
  config.path.rootfs = tree.path();
  config.path.procfs = tree.path("proc");
  return config;
}

TEST(DescribeHost, ReadsItsFiles) {
  const test::Tree tree{{"etc/hostname", "node-7\n"},
                        {"proc/self/mountinfo",
                         "30 23 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n"
                         "31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"}};
  const auto host = describe_host(config_below(tree));
  EXPECT_EQ(host.name, "node-7");
  EXPECT_EQ(host.mount_point, "/sys/fs/cgroup/unified");
  EXPECT_EQ(host.mount_root, "/");
  EXPECT_EQ(host.mount_options, "rw,nsdelegate");
  EXPECT_EQ(host.v1_controllers, std::vector<std::string>{"memory"});
  EXPECT_EQ(host.telemetry_path, "/metrics");
}

TEST(DescribeHost, LeavesOutWhatNoFileSays) {
  const test::Tree tree{{"proc/sys/kernel/hostname", "of-the-kernel\n"}};
  const auto host = describe_host(config_below(tree));
  EXPECT_EQ(host.name, "of-the-kernel");
  EXPECT_EQ(host.mount_point, "");
}

TEST(DescribeHost, TellsOfTheMountThatTheConfigurationNames) {
  const test::Tree tree{{"proc/self/mountinfo",
                         "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
                         "31 23 0:26 /a /mnt rw - cgroup2 cgroup2 rw\n"}};
  auto config = config_below(tree);
  config.path.cgroupfs = "/mnt";
  EXPECT_EQ(describe_host(config).mount_root, "/a");
  config.path.cgroupfs = "/elsewhere";
  EXPECT_EQ(describe_host(config).mount_point, "");
}

TEST(DescribeHost, KnowsOnlyItselfWithoutDirectories) {
  config::Config config;
  config.path.rootfs = "/nowhere";
  config.path.procfs = "/nowhere";
  const auto host = describe_host(config);
  EXPECT_EQ(host.name + host.mount_point, "");
  EXPECT_FALSE(host.version.empty());
}

TEST(DescribeSelf, ReadsThisProcess) {
  const auto self = describe_self(read_capabilities());
  EXPECT_EQ(self.user_id, ::geteuid());
  EXPECT_GT(self.resident_bytes.value_or(0), 1e6);
  EXPECT_GE(self.cpu_share.value_or(-1), 0);
  EXPECT_TRUE(self.capabilities.has_value());
}

}  // namespace
}  // namespace cgroup2::app
