// SPDX-License-Identifier: Apache-2.0
#include "sandbox/capabilities.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "sandboxed.h"
#include "support/tree.h"

namespace cgroup2::sandbox {
namespace {

using test::in_child;

// Of the calling thread, effective, the first 64.
std::uint64_t effective() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  ::syscall(SYS_capget, &header, data);
  return data[0].effective | std::uint64_t{data[1].effective} << 32;
}

class CapabilitiesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has some";
  }
};

TEST_F(CapabilitiesTest, OfHttpAreNone) {
  EXPECT_NE(effective(), 0U);
  EXPECT_EQ(in_child([] { return drop_capabilities(Role::http) == 0 && effective() == 0; }), 1);
}

TEST_F(CapabilitiesTest, OfTheProberAreThoseToReadNamespaces) {
  const auto had = effective();
  const auto kept = had & (1ULL << CAP_SYS_PTRACE | 1ULL << CAP_DAC_READ_SEARCH);
  EXPECT_EQ(in_child([&] { return drop_capabilities(Role::prober) == 0 && effective() == kept; }),
            1);
}

TEST_F(CapabilitiesTest, AreNeverAdded) {
  EXPECT_EQ(in_child([] {
              return drop_capabilities(Role::http) == 0 && drop_capabilities(Role::poller) == 0 &&
                     effective() == 0;
            }),
            1);
}

TEST_F(CapabilitiesTest, OfOthersFilesAreThePollersAlone) {
  const cgroup2::test::Tree tree{{"secret", ""}};
  ASSERT_EQ(::chown(tree.path("secret").c_str(), 65534, 65534), 0);
  ASSERT_EQ(::chmod(tree.path("secret").c_str(), 0600), 0);
  const auto opens = [&](Role role) {
    return in_child([&] {
      return drop_capabilities(role) == 0 ? int{test::can_open(tree.path("secret"))} : 2;
    });
  };
  EXPECT_EQ(opens(Role::poller), 1);
  EXPECT_EQ(opens(Role::http), 0);
}

}  // namespace
}  // namespace cgroup2::sandbox
