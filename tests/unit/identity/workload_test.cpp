// SPDX-License-Identifier: Apache-2.0
#include "identity/workload.h"

#include <gtest/gtest.h>

namespace cgroup2::identity {
namespace {

TEST(WorkloadKind, HasAWordForEach) {
  EXPECT_EQ(to_string(WorkloadKind::other), "other");
  EXPECT_EQ(to_string(WorkloadKind::qos), "qos");
  EXPECT_EQ(to_string(WorkloadKind::crio_sandbox_placeholder), "crio-sandbox-placeholder");
  EXPECT_EQ(to_string(WorkloadKind::job), "job");
}

TEST(Workload, IsMadeOfAKindARuntimeAndAnId) {
  const auto workload = make_workload(WorkloadKind::vm, Runtime::qemu, "100");
  EXPECT_EQ(workload.kind, WorkloadKind::vm);
  EXPECT_EQ(workload.runtime, Runtime::qemu);
  EXPECT_EQ(workload.container_id, "100");
  EXPECT_EQ(make_workload(WorkloadKind::other, Runtime::none), Workload());
}

TEST(Workload, IsWhatSomebodyRunsAndNotAPartOfItOrSeveral) {
  using enum WorkloadKind;
  for (const WorkloadKind kind : {container, pod, sandbox, kata_sandbox, vm, job})
    EXPECT_TRUE(is_whole_workload({.kind = kind})) << to_string(kind);
  for (const WorkloadKind kind :
       {other, qos, conmon, crio_sandbox_placeholder, kata_overhead, lxc_monitor}) {
    EXPECT_FALSE(is_whole_workload({.kind = kind})) << to_string(kind);
  }
  EXPECT_FALSE(is_whole_workload({.kind = container, .subpath = "init.scope"}));
}

TEST(Workload, OneHasWhatARuntimeRunsBesideItAndAQosLevelHoldsMany) {
  using enum WorkloadKind;
  for (const WorkloadKind kind : {container, pod, sandbox, conmon, crio_sandbox_placeholder,
                                  kata_sandbox, kata_overhead, lxc_monitor, vm, job})
    EXPECT_TRUE(is_of_one_workload(kind)) << to_string(kind);
  EXPECT_FALSE(is_of_one_workload(other));
  EXPECT_FALSE(is_of_one_workload(qos));
}

}  // namespace
}  // namespace cgroup2::identity
