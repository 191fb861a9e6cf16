// SPDX-License-Identifier: Apache-2.0
#include "app/host_facts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
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
                        {"usr/lib/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n"},
                        {"proc/sys/kernel/osrelease", "6.12.0-test\n"},
                        {"proc/meminfo", "MemTotal:       16 kB\n"},
                        {"proc/self/mountinfo",
                         "30 23 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n"
                         "31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"}};
  const auto host = describe_host(config_below(tree));
  EXPECT_EQ(host.name, "node-7");
  EXPECT_EQ(host.kernel, "6.12.0-test");
  EXPECT_EQ(host.system, "Debian GNU/Linux 12");
  EXPECT_EQ(host.memory, 16384U);
  EXPECT_EQ(host.mount_point, "/sys/fs/cgroup/unified");
  EXPECT_EQ(host.mount_root, "/");
  EXPECT_EQ(host.mount_options, "rw,nsdelegate");
  EXPECT_EQ(host.v1_controllers, std::vector<std::string>{"memory"});
  EXPECT_EQ(host.telemetry_path, "/metrics");
  EXPECT_GT(host.cpus, 0U);
}

TEST(DescribeHost, LeavesOutWhatNoFileSays) {
  const test::Tree tree{{"proc/sys/kernel/hostname", "of-the-kernel\n"}};
  const auto host = describe_host(config_below(tree));
  EXPECT_EQ(host.name, "of-the-kernel");
  EXPECT_EQ(host.system, "");
  EXPECT_EQ(host.memory, std::nullopt);
  EXPECT_EQ(host.mount_point, "");
}

TEST(DescribeHost, PrefersTheOsReleaseBelowUsrAndTakesItWithoutQuotes) {
  const test::Tree tree{{"etc/os-release", "PRETTY_NAME=Alpine\n"}, {"proc/", ""}};
  EXPECT_EQ(describe_host(config_below(tree)).system, "Alpine");
  tree.write("usr/lib/os-release", "PRETTY_NAME=\"Debian\"\n");
  EXPECT_EQ(describe_host(config_below(tree)).system, "Debian");
  tree.write("usr/lib/os-release", "NAME=other\n");
  EXPECT_EQ(describe_host(config_below(tree)).system, "");
}

TEST(DescribeHost, KnowsNoMemoryWhereMeminfoBeginsWithAnotherKey) {
  const test::Tree tree{{"proc/meminfo", "MemFree: 1 kB\n"}};
  EXPECT_EQ(describe_host(config_below(tree)).memory, std::nullopt);
  tree.write("proc/meminfo", "MemTotal: many kB\n");
  EXPECT_EQ(describe_host(config_below(tree)).memory, std::nullopt);
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
  EXPECT_EQ(host.name + host.kernel + host.system + host.mount_point, "");
  EXPECT_EQ(host.memory, std::nullopt);
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
